#ifndef CUSTOMIZATIONS_H
#define CUSTOMIZATIONS_H

#include "common/base/err.h"
#include "git-drift/drift_findings.h"

/*
 * The record of what was changed in the vendor's files: Markdown with tables
 * like this one, read as common/text/markdown_table.h says.
 *
 *	| ID      | File           | Problem | Impact | First added |
 *	|---------|----------------|---------|--------|-------------|
 *	| MOD-014 | `app/User.php` | ...     | ...    | 2026-08-20  |
 *
 * A table counts when it has the columns File, Problem, Impact and First
 * added, in any order, in capitals or not, with others among them. Each of
 * its rows is an entry for every path in backticks in the File column, when
 * these four are filled in and a cell of another column is MOD- and a number.
 * A cell of only dashes, dots and question marks is not filled in. A path is
 * one file, exactly, and may be quoted as git quotes paths.
 *
 * Rows that are nearly so are findings, and no entries.
 */
#define CUSTOMIZATIONS_MAX ((size_t)4 << 20) /* bytes of one file */

enum customization_column {
	COLUMN_OTHER,
	COLUMN_ID,
	COLUMN_FILE,
	COLUMN_PROBLEM,
	COLUMN_IMPACT,
	COLUMN_ADDED,
	COLUMN_KINDS
};
extern const char *const customization_columns[COLUMN_KINDS];

struct customization {
	uint32_t id;	 /* 14 of MOD-014 */
	const char *row; /* the file the row is in; borrowed */
	size_t line;
	char *path; /* what it is an entry for */
	/* Columns that are not filled in, as bits; it counts when 0. */
	unsigned int missing;
};

/* The last table of a file that counts: new rows go to its end. */
struct customization_table {
	const char *file;	/* borrowed; NULL: there is none */
	size_t end;		/* the byte behind its last line */
	unsigned char *columns; /* each an enum customization_column */
	size_t nr;
};

struct customizations {
	struct customization *v; /* by path, after customizations_sort() */
	size_t nr, alloc;
	struct customization_id {
		uint32_t id;
		const char *row;
		size_t line;
		size_t order; /* private */
	} * ids;	      /* of all rows, complete or not; sorted */
	size_t nr_ids, alloc_ids;
	struct customization_table table;
};
#define CUSTOMIZATIONS_INIT                                                    \
	{                                                                      \
		0                                                              \
	}
void customizations_release(struct customizations *c);
#define AUTO_CUSTOMIZATIONS CLEANUP(customizations_release)

/*
 * Adds the entries of one file, called "name", which must outlive c. What is
 * wrong with a row by itself goes to findings; the rest (customization.missing,
 * ids that are there twice) is for who knows what has changed.
 */
void customizations_read(struct customizations *c, const char *name,
			 const struct strbuf *text, struct drift_findings *f);

/* Once, when all files are read; tells ids that are there twice. */
void customizations_sort(struct customizations *c, struct drift_findings *f);

/* The first entry for exactly this path, or NULL; more may follow it. */
const struct customization *customizations_find(const struct customizations *c,
						const char *path);
bool customizations_has_id(const struct customizations *c, uint32_t id);

/* The number of "MOD-014"; false when the text is anything else. */
bool customization_id(const char *text, size_t len, uint32_t *id);

#endif
