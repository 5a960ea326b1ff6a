#ifndef MARKDOWN_LINE_H
#define MARKDOWN_LINE_H

#include "common/base/base.h"

/*
 * One line of Markdown and what it can be the beginning of (CommonMark, with
 * the numbers of its sections; GitHub's parser where they differ). Nothing
 * here knows the lines above it.
 */
struct markdown_line {
	const char *text; /* of the whole file */
	size_t start;	  /* its first byte */
	size_t first;	  /* the byte behind its indentation */
	size_t past;	  /* the byte behind its last one, */
	size_t end;	  /* and the one behind the line end */
	size_t indent;	  /* in columns; a tab goes to the next fourth */
};

/* The line that begins at "at"; false at the end of the text. */
bool markdown_line_at(struct markdown_line *l, const char *text, size_t len,
		      size_t at);

bool markdown_line_blank(const struct markdown_line *l);
/* True when there is nothing but blanks from there on. */
bool markdown_line_blank_from(const struct markdown_line *l, size_t from);

/* 4.2 "# heading", 4.1 "---". The line must not be blank in what follows. */
bool markdown_line_heading(const struct markdown_line *l);
bool markdown_line_rule(const struct markdown_line *l);
/* 4.3: what makes a heading of the paragraph above. */
bool markdown_line_underline(const struct markdown_line *l);

/* 4.5: how many of *c begin a block of code; 0 when it begins none. */
size_t markdown_line_fence(const struct markdown_line *l, char *c);
bool markdown_line_closes_fence(const struct markdown_line *l, char c, size_t n);

/*
 * 4.6, kinds 1 to 5: HTML that ends at a mark of its own, which may be in the
 * same line; NULL when it begins none of these.
 */
const char *markdown_line_html(const struct markdown_line *l);
/* Is the mark there, in capitals or not? */
bool markdown_line_holds(const struct markdown_line *l, const char *mark);

/* 5.2 */
struct markdown_item {
	size_t indent;	 /* of the lines that belong to it, at least */
	bool bare;	 /* it has no text on this line */
	bool interrupts; /* may follow a paragraph without a blank line */
};
bool markdown_line_item(const struct markdown_line *l, struct markdown_item *out);

#endif
