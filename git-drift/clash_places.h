#ifndef CLASH_PLACES_H
#define CLASH_PLACES_H

#include "git-drift/content_merge.h"

/*
 * Where in three texts a merge cannot go on by itself: the groups of changes
 * of ours and theirs that meet in the base, as git's xmerge.c has it: two
 * changes stay apart only with a line of the base between them. A group that
 * both sides changed to the same lines is no clash. Adds to merge->clashes;
 * a merge that failed has at least one.
 */
int clash_places_find(const struct file_text *base, const struct file_text *ours,
		      const struct file_text *theirs,
		      struct content_merge *merge, struct err *err) MUST_CHECK;

#endif
