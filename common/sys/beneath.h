#ifndef BENEATH_H
#define BENEATH_H

#include "common/base/err.h"

/*
 * Paths that must stay below a held directory. No component may be a link,
 * "..", or empty, whoever swaps directories for links at the same moment: the
 * kernel resolves with openat2(2) RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS, or,
 * where that is missing (Linux before 5.6, seccomp), we open component by
 * component with O_NOFOLLOW.
 */

/* Like openat(2); returns a descriptor (O_CLOEXEC), or -1 with errno. */
int beneath_open(int dir, const char *path, int flags, mode_t mode);

/*
 * Opens the directory that holds the last component of path. *name then
 * points into path. Returns a descriptor, or -1 with errno.
 */
int beneath_parent(int dir, const char *path, const char **name);

/*
 * Makes every missing directory of path (the last component too) with the
 * given mode, umask ignored. Returns a descriptor of the last one, or -1.
 */
int beneath_mkdirs(int dir, const char *path, mode_t mode);

/*
 * Makes the directory "name", one component, with the given mode, umask
 * ignored; one that is there stays as it is. The mode is given to what was
 * opened, never to a name: whoever owns dir may have put a link there by then.
 * Returns a descriptor of it, or -1.
 */
int beneath_mkdir(int dir, const char *name, mode_t mode);

#endif
