#ifndef FILE_DIFF_H
#define FILE_DIFF_H

#include "common/git/repo.h"

/*
 * The lines in which two versions of one file differ, as git's own diff finds
 * them, in this process: nothing the repository configures (attributes,
 * textconv, external drivers) is looked at, so nothing of it can run.
 *
 * A link is a file with its target as the text, a submodule one with the line
 * "Subproject commit <id>", as git has them.
 */
#define FILE_DIFF_MAX (64u << 20) /* bytes of one side that are compared */

struct file_side {
	uint32_t mode; /* 0: not there */
	const git_oid *id;
};

/* One line of the result. text has no newline at its end. */
struct file_diff_line {
	/* '@' begins a hunk and has no text; "\\" is git's remark on the line
	 * before it: no newline at the end of the file. */
	char kind;		     /* ' ' '+' '-' '@' '\\' */
	uint32_t old_line, new_line; /* from 1; of '@' where the hunk starts */
	uint32_t old_lines, new_lines; /* of '@' */
	const char *text;
	size_t len;
};

struct file_diff {
	git_repository *repo; /* borrowed */
	uint32_t context;     /* lines around each change */
	/* May be NULL, and may return true to hear no more. */
	bool (*on_line)(void *ctx, const struct file_diff_line *line);
	void *ctx;

	/* What file_diff_run() found. */
	uint64_t added, removed;
	bool binary;	/* a NUL in the first 8,000 bytes of a side */
	bool too_large; /* more than FILE_DIFF_MAX; ->binary is set as well */
};

/* ERR_NOTFOUND when an object is missing. */
int file_diff_run(struct file_diff *d, const struct file_side *old_side,
		  const struct file_side *new_side, struct err *err) MUST_CHECK;

#endif
