#include "common/base/base.h"
#include "git-release/release.h"

/* The Makefile takes it from the newest entry of CHANGELOG.md. */
#ifndef VERSION
#	define VERSION "0.0.0"
#endif

const char release_version[] = VERSION;
