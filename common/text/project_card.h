#ifndef PROJECT_CARD_H
#define PROJECT_CARD_H

#include "common/base/strvec.h"

/*
 * A project card: a Markdown page that says, for people, where a project
 * stands. What it says of the release are fields, several on a line
 *
 *	Production: Live · Current Release: v1.1.0
 *
 * or one on each, in a list, in bold, or in a table:
 *
 *	- **Current Release:** v1.1.0
 *	| Current Release | v1.1.0 |
 *
 * A field ends at the line's end, or at a middle dot, a bullet or a "|". The
 * first one of a name counts; code and comments do not.
 */
struct card_field {
	const char *name;  /* "Current Release"; compared in any case */
	const char *value; /* what it shall say */
};

/*
 * NULL, or in a few words why such a field could not be read back: a name or
 * value that is empty, ends a field, or has blanks or emphasis around it.
 */
const char *card_field_trouble(const struct card_field *field);

struct card_outcome {
	bool found;
	char *before; /* what it said, when that was another value */
};

/*
 * Appends the document with that field's value; every other byte stays. Found
 * and the same already: nothing is changed. before is the caller's to free.
 */
void card_set(const struct strbuf *doc, const struct card_field *field,
	      struct strbuf *out, struct card_outcome *outcome);

#endif
