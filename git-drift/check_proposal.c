#include "common/base/base.h"
#include "git-drift/check_proposal.h"

#include "common/base/mem.h"
#include "common/git/text_patch.h"
#include "common/text/quote.h"

static const unsigned char new_columns[] = { COLUMN_ID, COLUMN_FILE,
					     COLUMN_PROBLEM, COLUMN_IMPACT,
					     COLUMN_ADDED };

struct proposal {
	const struct drift_check *check;
	const struct drift_record *record; /* the file that gets the rows */
	const unsigned char *columns;
	size_t nr;
	const char *line_end;
	const char *date;
	uint32_t next_id;
};

/*
 * In backticks; quoted where a reader of Markdown would take a byte of it for
 * something else, with octal numbers for what no quotes protect in a table.
 */
static void add_path(struct strbuf *out, const char *path)
{
	AUTO_STRBUF struct strbuf quoted = STRBUF_INIT;
	size_t len = strlen(path);
	bool plain = !strpbrk(path, "|`") && path[0] != ' ' &&
		     path[len - 1] != ' ';

	quote_path(&quoted, path, len, false);
	if (!plain && quoted.buf[0] != '"') {
		strbuf_reset(&quoted);
		strbuf_addf(&quoted, "\"%s\"", path);
	}
	strbuf_addch(out, '`');
	for (size_t i = 0; i < quoted.len; i++) {
		char c = quoted.buf[i];

		if (c == '|' || c == '`')
			strbuf_addf(out, "\\%03o", c);
		else
			strbuf_addch(out, c);
	}
	strbuf_addch(out, '`');
}

static void add_row(struct proposal *p, const char *path, struct strbuf *out)
{
	strbuf_addch(out, '|');
	for (size_t i = 0; i < p->nr; i++) {
		strbuf_addch(out, ' ');
		switch ((enum customization_column)p->columns[i]) {
		case COLUMN_ID:
			strbuf_addf(out, "MOD-%03" PRIu32, p->next_id++);
			break;
		case COLUMN_FILE: add_path(out, path); break;
		case COLUMN_PROBLEM:
		case COLUMN_IMPACT: strbuf_addch(out, '?'); break;
		case COLUMN_ADDED: strbuf_addstr(out, p->date); break;
		default: break;
		}
		strbuf_addstr(out, " |");
	}
	strbuf_addstr(out, p->line_end);
}

static void add_head(const struct proposal *p, struct strbuf *out)
{
	strbuf_addch(out, '|');
	for (size_t i = 0; i < p->nr; i++)
		strbuf_addf(out, " %s |", customization_columns[p->columns[i]]);
	strbuf_addf(out, "%s|", p->line_end);
	for (size_t i = 0; i < p->nr; i++)
		strbuf_addstr(out, "---|");
	strbuf_addstr(out, p->line_end);
}

/* One row for each change that nothing explains; how many. */
static size_t add_rows(struct proposal *p, struct strbuf *out)
{
	const struct drift_check *c = p->check;
	size_t nr = 0;

	for (size_t i = 0; i < c->delta.nr; i++) {
		const char *path = c->delta.v[i].path;

		/* A row that is there has to be completed, not doubled. */
		if (c->verdicts[i] != DRIFT_UNEXPLAINED ||
		    customizations_find(&c->customizations, path))
			continue;
		add_row(p, path, out);
		nr++;
	}
	return nr;
}

static bool ends_with(const struct strbuf *text, size_t at, const char *end)
{
	size_t n = strlen(end);

	return at >= n && !memcmp(text->buf + at - n, end, n);
}

static const struct drift_record *find_record(const struct drift_check *c)
{
	const char *name = c->customizations.table.file;
	const struct drift_record *first = NULL;

	for (size_t i = 0; i < c->nr_records; i++) {
		const struct drift_record *r = &c->records[i];

		if (name && !strcmp(r->name, name))
			return r;
		if (!first || (r->exists && !first->exists))
			first = r;
	}
	return first;
}

/* A column for the id, should there be only headings yet. */
static bool choose_id_column(struct customization_table *t)
{
	if (memchr(t->columns, COLUMN_ID, t->nr))
		return true;
	for (size_t i = 0; i < t->nr; i++) {
		if (t->columns[i] != COLUMN_OTHER)
			continue;
		t->columns[i] = COLUMN_ID;
		return true;
	}
	return false;
}

/* The text that the file shall have; *nr is how many rows are new. */
static void write_text(struct proposal *p, struct customization_table *t,
		       struct strbuf *out, size_t *nr)
{
	const struct strbuf *old = &p->record->text;
	bool table = t->file && choose_id_column(t);
	size_t at = table ? t->end : old->len;

	p->line_end = ends_with(old, at, "\r\n") ? "\r\n" : "\n";
	p->columns = table ? t->columns : new_columns;
	p->nr = table ? t->nr : ARRAY_SIZE(new_columns);
	strbuf_add(out, old->buf, at);
	if (at && !ends_with(old, at, "\n"))
		strbuf_addstr(out, p->line_end);
	if (!table) {
		strbuf_addstr(out,
			      old->len ? p->line_end : "# Customizations\n\n");
		add_head(p, out);
	}
	*nr = add_rows(p, out);
	strbuf_add(out, old->buf + at, old->len - at);
}

/* Would all of them be found when the file is read again? */
static bool is_readable(const struct proposal *p, const struct strbuf *text,
			size_t nr)
{
	AUTO_CUSTOMIZATIONS struct customizations now = CUSTOMIZATIONS_INIT;
	AUTO_CUSTOMIZATIONS struct customizations was = CUSTOMIZATIONS_INIT;
	AUTO_DRIFT_FINDINGS struct drift_findings ignored = DRIFT_FINDINGS_INIT;

	customizations_read(&was, p->record->name, &p->record->text, &ignored);
	customizations_read(&now, p->record->name, text, &ignored);
	return now.nr == was.nr + nr;
}

static int write_patch(const struct proposal *p, const struct strbuf *text,
		       struct strbuf *out, struct err *err)
{
	const struct drift_record *r = p->record;
	const struct text_patch patch = { .path = r->name,
					  .old = r->exists ? &r->text : NULL,
					  .new = text };

	return text_patch_add(&patch, out, err);
}

int check_proposal(const struct drift_check *check, const char *date,
		   struct strbuf *patch, struct err *err)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT, columns = STRBUF_INIT;
	struct customization_table table = check->customizations.table;
	struct proposal p = { .check = check,
			      .record = find_record(check),
			      .date = date,
			      .next_id = check->next_id };
	size_t nr;

	if (!p.record)
		return err_set(err, ERR_FAILED,
			       "drift.customizations names no file");
	strbuf_add(&columns, table.columns, table.nr);
	table.columns = (unsigned char *)columns.buf;
	write_text(&p, &table, &text, &nr);
	if (!nr)
		return 0;
	if (!is_readable(&p, &text, nr))
		return err_set(err, ERR_FAILED,
			       "a table at the end of '%s' would not be read: "
			       "something is not closed there",
			       p.record->name);
	return write_patch(&p, &text, patch, err);
}
