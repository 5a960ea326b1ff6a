#ifndef MARKDOWN_TABLE_H
#define MARKDOWN_TABLE_H

#include "common/base/strbuf.h"
#include "common/text/markdown_line.h"

/*
 * The tables of a Markdown text, as GitHub shows them (GitHub Flavored
 * Markdown, 4.10 "Tables"; CommonMark 0.31 for what is not a table), one row
 * after the other:
 *
 *	struct markdown_reader r;
 *
 *	markdown_reader_init(&r, text, len);
 *	while (markdown_next_row(&r))
 *		... r.row.kind, r.row.line, r.row.cells ...
 *	markdown_reader_release(&r);
 *
 * A table is a header row, a delimiter row (| --- | :-: |) with as many cells,
 * at least two, and all lines behind it up to an empty one or to where another
 * block begins. Cells are parted by every "|" without a backslash in front of
 * it, those in code spans too; one at either end of the line may be missing.
 * Rows may be shorter or longer than the header.
 *
 * Only tables that are no part of anything else are read. What stands in
 * quotations, lists, blocks of HTML and paragraphs is left alone, but lines
 * there that have a "|" are told (MARKDOWN_UNREAD), since somebody may take
 * them for rows. Nothing is told of code blocks and comments.
 *
 * Where it cannot be certain what a line belongs to without all the rest of
 * CommonMark, this reader reads less: every row it finds is one on GitHub, but
 * not the other way round.
 */
enum markdown_row_kind {
	MARKDOWN_HEADER, /* a table begins */
	MARKDOWN_ROW,	 /* of the table whose header came last */
	MARKDOWN_UNREAD	 /* has a "|", and is no row; or is a header yet */
};

struct markdown_cell {
	const char *text; /* as it is written, less blanks around it */
	size_t len;
};

struct markdown_row {
	enum markdown_row_kind kind;
	size_t line; /* counted from 1 */
	size_t end;  /* behind its line; of a header, the delimiter's */
	struct markdown_cell *cells; /* valid until the next call */
	size_t nr, alloc;
};

/* What the line above is a part of. */
enum markdown_block {
	MARKDOWN_NONE,
	MARKDOWN_TEXT,
	MARKDOWN_TABLE,
	MARKDOWN_FENCE,
	MARKDOWN_COMMENT, /* and other HTML that a mark of its own ends */
	MARKDOWN_HTML,	  /* that a blank line ends; or a paragraph with "<" */
	MARKDOWN_QUOTE,
	MARKDOWN_LIST,
	MARKDOWN_LOST /* no more to be told: nothing is read any more */
};

struct markdown_reader {
	struct markdown_row row;
	/* The rest is private. */
	const char *text;
	size_t len, at, line;
	enum markdown_block block;
	struct markdown_line above; /* of TEXT: may be a header */
	bool has_above;
	char fence;
	size_t fence_len;
	const char *html_end;
	struct markdown_item item; /* of LIST */
	bool unsure;		   /* what is in the list */
	bool raw;		   /* and so up to the next blank line */
	bool blank;		   /* the line above is */
};

void markdown_reader_init(struct markdown_reader *r, const char *text,
			  size_t len);
void markdown_reader_release(struct markdown_reader *r);
#define AUTO_MARKDOWN_READER CLEANUP(markdown_reader_release)

/* False at the end. */
bool markdown_next_row(struct markdown_reader *r);

/*
 * The next code span of a cell at or behind *at, which moves on: its text as
 * shown, appended to out. What is in HTML tags and comments is no span.
 * False when there is none; of longer cells than these nothing is looked at,
 * as what is not closed in them is looked for again and again.
 */
#define MARKDOWN_SPANS_MAX 16384
bool markdown_code_span(const struct markdown_cell *cell, size_t *at,
			struct strbuf *out);

/*
 * The text of a cell without *, _, ` and blanks around it; several blanks in
 * it become one. out must be empty.
 */
void markdown_plain(const struct markdown_cell *cell, struct strbuf *out);

#endif
