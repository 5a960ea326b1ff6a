#ifndef TABLE_H
#define TABLE_H

#include "common/base/strvec.h"
#include "common/ui/colour.h"

/*
 * Lines of cells in aligned columns, two blanks apart; the last column is not
 * padded. Cells are made safe and stay on one line; one of more than 80 columns
 * widens its own line alone.
 *
 *	struct table t = TABLE_INIT;
 *
 *	table_row(&t, "RELEASE", "VERSION", NULL);
 *	table_row(&t, "20260820092100", "v1.2.0", NULL);
 *	table_print(&t, stdout);
 *	table_release(&t);
 */
struct table_row {
	struct strvec cells;
	enum colour colour;
};

struct table {
	struct table_row *rows;
	size_t nr, alloc;
	const char *indent;   /* in front of each line, NULL for none */
	bool colour;	      /* colours are wanted */
	unsigned int numbers; /* bit i: column i is aligned to the right */
};
#define TABLE_INIT                                                             \
	{                                                                      \
		0                                                              \
	}

/* The cells of one line, up to a NULL. */
void table_row(struct table *t, ...) __attribute__((sentinel));
/* The colour of the whole line added last. */
void table_colour(struct table *t, enum colour c);
/* One more cell to the line added last. */
void table_cell(struct table *t, const char *cell);

void table_print(const struct table *t, FILE *out);
void table_release(struct table *t);
#define AUTO_TABLE CLEANUP(table_release)

#endif
