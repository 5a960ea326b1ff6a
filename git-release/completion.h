#ifndef COMPLETION_H
#define COMPLETION_H

#include "common/base/err.h"
#include "common/base/strvec.h"

/*
 * Appends what a shell may offer for "what": "environments", "releases"
 * (packages that this repository has) or "tags". Asks git only: completion
 * must not wait for a server, nor stop at a setting that is wrong.
 */
int completion_words(const char *what, struct strvec *out,
		     struct err *err) MUST_CHECK;

#endif
