#ifndef ENVIRONMENT_PATHS_H
#define ENVIRONMENT_PATHS_H

#include "common/model/settings.h"

/*
 * shared, link and writable of an environment, normalised. What is linked
 * into a release may neither be named twice nor lie inside another such path:
 * a file shared on its own inside a shared directory is how other tools came
 * to truncate live keys.
 */
int environment_read_paths(const struct settings *s, struct environment *env,
			   struct err *err) MUST_CHECK;

#endif
