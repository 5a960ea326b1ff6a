#ifndef REVIEW_LIST_H
#define REVIEW_LIST_H

#include "common/base/strbuf.h"

/*
 * The lists of a text in Markdown whose length is bounded. Each takes what it
 * needs of the room that is left, less a share for every list that is still to
 * come; entries that find no room are counted, and "and N more" says how many.
 *
 *	struct review_room room = { .out = out, .max = ..., .to_come = 2 };
 *	struct review_list l;
 *
 *	review_list_begin(&l, &room, "### Deleted\n");
 *	review_list_add(&l, &entry);		any number
 *	review_list_end(&l);
 */
struct review_room {
	struct strbuf *out;
	size_t max;	/* that out may come to, with all lists */
	size_t to_come; /* lists, this one too */
};

struct review_list {
	struct review_room *room;
	bool table;
	size_t max, left_out;
};

/* Head: lines above the list; a blank line comes before it. */
void review_list_begin(struct review_list *l, struct review_room *room,
		       const char *head);
/* Entries are rows: status, file, size, remark. */
void review_list_columns(struct review_list *l);
/* A whole line; it is in the text as a whole, or not at all. */
void review_list_add(struct review_list *l, const struct strbuf *entry);
void review_list_end(const struct review_list *l);

/* Amounts as git release shows them: "9,312", "1 file", "4.4 KiB". */
void review_add_count(struct strbuf *out, size_t n);
void review_add_files(struct strbuf *out, size_t n);
void review_add_size(struct strbuf *out, uint64_t bytes);

#endif
