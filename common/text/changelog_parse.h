#ifndef CHANGELOG_PARSE_H
#define CHANGELOG_PARSE_H

#include "common/text/changelog.h"
#include "common/text/markdown_lines.h"

/*
 * Where things are in a CHANGELOG; used by the files of that name only.
 * A range is two offsets; an empty one has from equal to to.
 */
struct text_range {
	size_t from, to;
};

/* "## [1.2.0](url) - 2026-08-20" */
struct changelog_heading {
	struct markdown_line line;
	size_t nr;		/* of the line, from 1 */
	struct text_range mark; /* "## " */
	struct text_range name; /* without brackets */
	struct text_range url;	/* of a link in the heading */
	struct text_range tail; /* what is behind all of this */
	bool bracketed, has_url;
};

/* "[name]: url" */
struct changelog_link {
	struct markdown_line line;
	struct text_range name, url;
	bool found;
};

struct changelog_parts {
	struct changelog_heading unreleased, again, newest, same;
	bool has_unreleased, has_again, has_newest, has_same;
	size_t unreleased_end, same_end; /* where their sections end */
	bool empty;			 /* nothing is below unreleased */
};

void changelog_find(const struct strbuf *doc, const struct changelog_entry *e,
		    struct changelog_parts *out);

/* The definition of that name, in any case, behind the last heading or not. */
void changelog_find_link(const struct strbuf *doc, const char *name, size_t len,
			 struct changelog_link *out);
/* Is this line one? */
bool changelog_read_link(const char *data, const struct markdown_line *line,
			 struct changelog_link *out);

/* "1.2.0" of "v1.2.0" and of "1.2.0"; a string of its own. */
char *changelog_version(const struct strbuf *doc, struct text_range name,
			const char *prefix);

#endif
