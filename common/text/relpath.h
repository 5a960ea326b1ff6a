#ifndef RELPATH_H
#define RELPATH_H

#include "common/base/strbuf.h"

/*
 * Paths that people write into the configuration: relative, and never a way
 * out of the directory they are meant for.
 *
 * Appends the path in its one form (no "./", no doubled and no trailing
 * slashes) to out. is_dir, which may be NULL, tells whether a slash stood at
 * the end. Returns NULL, or in a few words what is wrong ("is absolute"), and
 * out is then unchanged.
 */
const char *relpath_normalise(const char *path, struct strbuf *out,
			      bool *is_dir) MUST_CHECK;

/* True when path is dir itself, or below it; both normalised. */
bool relpath_within(const char *path, const char *dir);

/* True when a is b, or one lies below the other; both normalised. */
bool relpath_overlaps(const char *a, const char *b);

/*
 * NULL, or what makes the text unfit for one line on a terminal. The bytes of
 * "except" are let through.
 */
const char *text_control_character(const char *s, const char *except);

#endif
