#ifndef MARKDOWN_LINES_H
#define MARKDOWN_LINES_H

#include "common/base/base.h"

/*
 * A Markdown document line by line, with as much of CommonMark 0.31 (section
 * 4) as it takes to know what is only shown: fenced code, HTML comments and
 * <pre> blocks. A line in one of these is no heading, whatever it looks like.
 *
 *	struct markdown_lines doc = { .data = data, .len = len };
 *	struct markdown_line line;
 *
 *	while (markdown_next(&doc, &line))
 *		...
 *
 * Lines end in LF or CR LF. A byte order mark belongs to no line.
 */
enum markdown_kind { MARKDOWN_TEXT, MARKDOWN_CODE, MARKDOWN_COMMENT };

struct markdown_line {
	size_t start; /* offset of its first byte */
	size_t end;   /* of its line end */
	size_t next;  /* of the next line; end when there is no line end */
	enum markdown_kind kind;
};

struct markdown_lines {
	const char *data;
	size_t len;
	/* The rest is markdown_next()'s own. */
	size_t at;
	char fence;
	size_t fence_len;
	bool comment, pre;
};

bool markdown_next(struct markdown_lines *doc, struct markdown_line *line);

/* What a heading of that level says: where its text starts, or 0. */
size_t markdown_heading(const char *data, const struct markdown_line *line,
			unsigned int level);

/* Appends how lines of this document end: that of "line" if it has one. */
const char *markdown_line_end(const char *data, size_t len,
			      const struct markdown_line *line);

#endif
