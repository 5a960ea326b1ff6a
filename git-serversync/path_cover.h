#ifndef PATH_COVER_H
#define PATH_COVER_H

#include "common/base/base.h"

/*
 * Does protecting one path protect another? Both are normalised (relpath.h)
 * and may be globs, as a shell understands them: "*" and "?" match no slash,
 * and no dot at the front of a name; "[" begins a set; "**" is not more than
 * "*", as in most shells.
 *
 * A directory protects what is in it. A glob protects what it provably
 * matches, whatever there is: a name that it matches, or a glob that matches
 * nothing else. Where that cannot be proven the answer is no.
 */
bool path_cover(const char *protector, const char *path);

/* The same for the name of a file that there is, of whatever characters. */
bool path_cover_file(const char *protector, const char *file);

#endif
