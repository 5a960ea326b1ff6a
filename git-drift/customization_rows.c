#include "common/base/base.h"
#include "git-drift/customizations.h"

#include "common/base/mem.h"
#include "common/text/manifest.h"
#include "common/text/markdown_table.h"
#include "common/text/quote.h"

/* What a file is read with. */
struct reading {
	struct customizations *out;
	struct drift_findings *findings;
	struct markdown_reader md;
	const char *name;
	/* The columns of the current table, with room for each kind. */
	unsigned char *columns;
	size_t nr;
	bool counts;			   /* it has all four */
	enum customization_column lacking; /* the first it has not */
};

static void complain(struct reading *r, enum drift_rule rule, const char *fmt,
		     ...) PRINTF_LIKE(3, 4);
static void complain(struct reading *r, enum drift_rule rule, const char *fmt, ...)
{
	const struct drift_place at = { .path = r->name, .first = r->md.row.line };
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&text, fmt, ap);
	va_end(ap);
	drift_findings_add(r->findings, rule, &at, "%s", text.buf);
}

static bool is_heading(const struct markdown_cell *cell, const char *name)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;

	markdown_plain(cell, &text);
	return !strcasecmp(text.buf, name);
}

static unsigned char column_of(const struct markdown_cell *cell)
{
	for (size_t i = COLUMN_FILE; i < COLUMN_KINDS; i++)
		if (is_heading(cell, customization_columns[i]))
			return (unsigned char)i;
	return is_heading(cell, "Files") ? COLUMN_FILE : COLUMN_OTHER;
}

static bool has_column(const struct reading *r, enum customization_column kind)
{
	return r->nr && memchr(r->columns, kind, r->nr);
}

static void take_header(struct reading *r)
{
	const struct markdown_row *row = &r->md.row;

	free(r->columns);
	r->columns = xcalloc(row->nr, 1);
	r->nr = row->nr;
	for (size_t i = 0; i < row->nr; i++)
		r->columns[i] = column_of(&row->cells[i]);
	r->lacking = COLUMN_OTHER;
	for (size_t i = COLUMN_FILE; i < COLUMN_KINDS && !r->lacking; i++)
		if (!has_column(r, (enum customization_column)i))
			r->lacking = (enum customization_column)i;
	r->counts = !r->lacking;
}

/* The table goes on to here, and is the one to add to. */
static void extend_table(struct reading *r)
{
	struct customization_table *t = &r->out->table;

	if (t->file && strcmp(t->file, r->name) != 0)
		return; /* an earlier file has one */
	t->file = r->name;
	t->end = r->md.row.end;
	t->nr = r->nr;
	t->columns = xreallocarray(t->columns, r->nr, 1);
	memcpy(t->columns, r->columns, r->nr);
}

/*
 * The id of a row: a cell that is MOD- and a number, and where the columns
 * count, in none of the four.
 */
static bool find_id(const struct reading *r, bool count, uint32_t *id,
		    size_t *column)
{
	const struct markdown_row *row = &r->md.row;

	for (size_t i = 0; i < row->nr; i++) {
		AUTO_STRBUF struct strbuf text = STRBUF_INIT;

		if (count && i < r->nr && r->columns[i] >= COLUMN_FILE)
			continue;
		markdown_plain(&row->cells[i], &text);
		if (!customization_id(text.buf, text.len, id))
			continue;
		*column = i;
		return true;
	}
	return false;
}

/* Something other than what people write for "nothing yet". */
static bool is_filled(const struct markdown_cell *cell)
{
	static const char *const nothing[] = {
		"-",
		".",
		"?",
		" ",
		"\t",
		"\xe2\x80\x93" /* en dash */,
		"\xe2\x80\x94" /* em dash */,
		"\xe2\x80\xa6" /* ellipsis */
	};
	size_t at = 0;

	while (at < cell->len) {
		size_t was = at;

		for (size_t i = 0; i < ARRAY_SIZE(nothing) && was == at; i++) {
			size_t n = strlen(nothing[i]);

			if (n <= cell->len - at &&
			    !memcmp(cell->text + at, nothing[i], n))
				at += n;
		}
		if (was == at)
			return true;
	}
	return false;
}

static const struct markdown_cell *cell_of(const struct reading *r,
					   enum customization_column kind)
{
	for (size_t i = 0; i < r->nr && i < r->md.row.nr; i++)
		if (r->columns[i] == kind)
			return &r->md.row.cells[i];
	return NULL;
}

static unsigned int missing_columns(const struct reading *r)
{
	unsigned int missing = 0;

	for (size_t i = COLUMN_FILE; i < COLUMN_KINDS; i++) {
		const struct markdown_cell *cell =
			cell_of(r, (enum customization_column)i);

		if (!cell || !is_filled(cell))
			missing |= 1u << i;
	}
	return missing;
}

/* False when it is quoted, and not as git quotes. */
static bool unquote(struct strbuf *path)
{
	AUTO_STRBUF struct strbuf plain = STRBUF_INIT;

	if (path->buf[0] != '"')
		return !memchr(path->buf, '\0', path->len);
	if (quote_path_undo(path->buf, path->len, &plain) < 0)
		return false;
	strbuf_swap(path, &plain);
	return true;
}

/* One path of the File column; false when it cannot be one. */
static bool add_entry(struct reading *r, const struct customization *row,
		      struct strbuf *path)
{
	struct customizations *c = r->out;

	if (!path->len || !unquote(path) || !path->len)
		return false;
	if (path->len > MANIFEST_MAX_PATH || path->buf[path->len - 1] == '/')
		return false;
	ALLOC_GROW(c->v, c->nr + 1, c->alloc);
	c->v[c->nr] = *row;
	c->v[c->nr++].path = strbuf_detach(path);
	return true;
}

static void take_paths(struct reading *r, uint32_t id)
{
	const struct markdown_cell *cell = cell_of(r, COLUMN_FILE);
	const struct customization row = { .id = id,
					   .row = r->name,
					   .line = r->md.row.line,
					   .missing = missing_columns(r) };
	size_t at = 0, nr = 0;

	for (;;) {
		AUTO_STRBUF struct strbuf path = STRBUF_INIT, shown = STRBUF_INIT;

		if (!cell || !markdown_code_span(cell, &at, &path))
			break;
		/* Enough of it to be recognised. */
		quote_text(&shown, path.buf, path.len < 100 ? path.len : 100);
		if (!add_entry(r, &row, &path))
			complain(r, DRIFT_ENTRY_MALFORMED,
				 "'%s' is no path of a file", shown.buf);
		nr++;
	}
	if (!nr)
		complain(r, DRIFT_ENTRY_MALFORMED,
			 "MOD-%03" PRIu32 " has no path in backticks", id);
}

static void add_id(struct reading *r, uint32_t id)
{
	struct customizations *c = r->out;

	ALLOC_GROW(c->ids, c->nr_ids + 1, c->alloc_ids);
	c->ids[c->nr_ids] = (struct customization_id){ .id = id,
						       .row = r->name,
						       .line = r->md.row.line,
						       .order = c->nr_ids };
	c->nr_ids++;
}

static bool is_empty_row(const struct markdown_row *row)
{
	for (size_t i = 0; i < row->nr; i++)
		if (row->cells[i].len)
			return false;
	return true;
}

/* A row of a table that counts. */
static void take_row(struct reading *r)
{
	const struct markdown_row *row = &r->md.row;
	bool empty = is_empty_row(row);
	uint32_t id = 0;
	size_t column = 0;
	bool has_id = find_id(r, true, &id, &column);

	if (has_id && column < r->nr)
		r->columns[column] = COLUMN_ID;
	extend_table(r);
	if (has_id)
		add_id(r, id);
	else if (!empty)
		complain(r, DRIFT_ENTRY_MALFORMED,
			 "a row without MOD- and a number is no entry");
	if (!has_id)
		return;
	/* GitHub drops the rest of such a row without a word. */
	if (row->nr > r->nr)
		complain(
			r, DRIFT_ENTRY_MALFORMED,
			"MOD-%03" PRIu32
			" has %zu cells, its table %zu columns: write | as \\|",
			id, row->nr, r->nr);
	else
		take_paths(r, id);
}

/* A row of another table, or what is no row at all. */
static void take_stray(struct reading *r)
{
	uint32_t id;
	size_t column;

	if (!find_id(r, false, &id, &column))
		return;
	if (r->md.row.kind == MARKDOWN_UNREAD)
		complain(r, DRIFT_ENTRY_UNREAD,
			 "MOD-%03" PRIu32
			 " is no entry: this is not a row of a table",
			 id);
	else if (has_column(r, COLUMN_FILE))
		complain(r, DRIFT_ENTRY_MALFORMED,
			 "MOD-%03" PRIu32
			 " is no entry: its table has no column '%s'",
			 id, customization_columns[r->lacking]);
}

void customizations_read(struct customizations *c, const char *name,
			 const struct strbuf *text, struct drift_findings *f)
{
	struct reading r = { .out = c, .findings = f, .name = name };

	markdown_reader_init(&r.md, text->buf, text->len);
	while (markdown_next_row(&r.md)) {
		if (r.md.row.kind == MARKDOWN_HEADER) {
			take_header(&r);
			if (r.counts)
				extend_table(&r);
		} else if (r.md.row.kind == MARKDOWN_ROW && r.counts) {
			take_row(&r);
		} else {
			take_stray(&r);
		}
	}
	markdown_reader_release(&r.md);
	free(r.columns);
}
