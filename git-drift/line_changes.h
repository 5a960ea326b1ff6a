#ifndef LINE_CHANGES_H
#define LINE_CHANGES_H

#include "common/base/err.h"

/*
 * Which lines differ between two texts, without context: what "diff -U0" has
 * between its "@@". Compared in memory by libgit2; no attribute, driver or
 * filter of a repository has a say in it.
 *
 * Lines are counted from 0. With nr 0 a start is the line that the change
 * stands in front of.
 */
struct line_change {
	uint32_t old_start, old_nr;
	uint32_t new_start, new_nr;
};

struct line_changes {
	struct line_change *v; /* in order, with a common line between two */
	size_t nr, alloc;
};
#define LINE_CHANGES_INIT                                                      \
	{                                                                      \
		0                                                              \
	}

/* Bytes of a file; data need not end in a NUL and may be NULL for none. */
struct file_text {
	const char *data;
	size_t len;
};

/* out must be fresh, and is empty on failure. */
int line_changes_find(const struct file_text *old, const struct file_text *new,
		      struct line_changes *out, struct err *err) MUST_CHECK;
void line_changes_release(struct line_changes *c);
#define AUTO_LINE_CHANGES CLEANUP(line_changes_release)

/* As git decides: a NUL in the first 8,000 bytes. */
bool file_text_is_binary(const struct file_text *text);

#endif
