#ifndef WILDMATCH_H
#define WILDMATCH_H

#include "common/base/base.h"

/*
 * Does a path match a pattern with wildcards, as gitignore(5) has them? The
 * meaning is that of git's wildmatch.c with WM_PATHNAME, byte by byte: "?", "*"
 * and sets match no slash; "**" between slashes, or at either end, matches any
 * number of directories; a backslash takes the next byte as it is. A pattern
 * that is broken off (a set without an end) matches nothing.
 *
 * The time is bounded by the product of both lengths: unlike git's, this does
 * not go back behind a star once a later one was reached, which cannot change
 * the answer.
 *
 * Neither text holds a NUL; the path has no slash at either end.
 */
struct wild_text {
	const char *s;
	size_t len;
};

bool wildmatch(const struct wild_text *pattern, const struct wild_text *path);

/* How many bytes of it stand for themselves, up to the first that may not. */
size_t wildmatch_plain(const struct wild_text *pattern);

#endif
