#ifndef RMTREE_H
#define RMTREE_H

#include "common/base/err.h"

/*
 * Removes the directory "name" of dir and everything in it, by descriptor,
 * however deep it is and with few of them: no link is followed, whatever is
 * exchanged for one meanwhile, and a directory on another file system (a mount below
 * it, which may be somebody's live data) stops the removal with ERR_REFUSED.
 * A bind mount of the same file system does not show in st_dev: callers ask
 * rmtree_check_mounts() first. What cannot be removed is named in err.
 */
int rmtree(int dir, const char *name, struct err *err) MUST_CHECK;

/* ERR_REFUSED when /proc/self/mountinfo has a mount point below dir/name. */
int rmtree_check_mounts(int dir, const char *name, struct err *err) MUST_CHECK;

#endif
