#ifndef LINK_TO_SHARED_H
#define LINK_TO_SHARED_H

#include "common/agent/live_tree.h"

/*
 * Does the link "name" in the open directory at, which is path in the release,
 * lead into shared/ of the root (or to it)? By its text where that tells, as
 * links of Capistrano, Deployer and ours do; else by where it ends.
 */
bool link_to_shared(const struct agent *a, const struct live_tree *t,
		    const char *path, int at, const char *name);

#endif
