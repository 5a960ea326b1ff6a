#ifndef SCAN_H
#define SCAN_H

#include "common/base/err.h"

/*
 * Everything below a directory, each path once, by descriptor and without
 * following a link. The callback gets the path, and where to find it: name in
 * the open directory at. A directory comes before what is in it; returning
 * SCAN_SKIP leaves it out; an error code ends the scan.
 */
#define SCAN_SKIP 1

typedef int scan_fn(void *ctx, const char *path, size_t len, int at,
		    const char *name, const struct stat *st, struct err *err);

int scan_tree(int fd, scan_fn *fn, void *ctx, struct err *err) MUST_CHECK;

#endif
