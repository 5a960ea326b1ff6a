#include "common/base/base.h"
#include "git-drift/drift_page.h"

#include "git-drift/file_diff.h"
#include "git-drift/page_text.h"

/* Lines of a diff on their way into the page. */
struct rows {
	struct strbuf *out;
	size_t nr;
	bool cut; /* there were more than DRIFT_PAGE_LINES */
};

static void add_number(struct strbuf *out, uint32_t nr)
{
	if (nr)
		strbuf_addf(out, "<td class=\"n\">%u</td>", nr);
	else
		strbuf_addstr(out, "<td class=\"n\"></td>");
}

static void add_content(struct strbuf *out, const struct file_diff_line *l)
{
	size_t len = l->len < DRIFT_PAGE_LINE_MAX ? l->len : DRIFT_PAGE_LINE_MAX;

	page_add_text(out, l->text, len);
	if (len < l->len)
		strbuf_addf(out, " <i>(%zu more bytes)</i>", l->len - len);
}

static void add_hunk(struct strbuf *out, const struct file_diff_line *l)
{
	strbuf_addf(out,
		    "<tr class=\"h\"><td class=\"n\"></td><td class=\"n\">"
		    "</td><td class=\"l\">@@ -%u,%u +%u,%u @@</td></tr>\n",
		    l->old_line, l->old_lines, l->new_line, l->new_lines);
}

static void add_line(struct strbuf *out, const struct file_diff_line *l)
{
	const char *kind = l->kind == '+'   ? " class=\"p\""
			   : l->kind == '-' ? " class=\"m\""
					    : "";

	strbuf_addf(out, "<tr%s>", kind);
	add_number(out, l->kind == '+' ? 0 : l->old_line);
	add_number(out, l->kind == '-' ? 0 : l->new_line);
	strbuf_addf(out, "<td class=\"l\" data-k=\"%c\">", l->kind);
	if (l->kind == '\\')
		strbuf_addstr(out, "<i>no newline at the end</i>");
	else
		add_content(out, l);
	strbuf_addstr(out, "</td></tr>\n");
}

static bool take_line(void *ctx, const struct file_diff_line *l)
{
	struct rows *r = ctx;

	if (r->nr++ >= DRIFT_PAGE_LINES) {
		r->cut = true;
		return true;
	}
	if (l->kind == '@')
		add_hunk(r->out, l);
	else
		add_line(r->out, l);
	return false;
}

static void add_note(struct strbuf *out, const char *note)
{
	strbuf_addf(out, "<p>%s</p>\n", note);
}

static void add_modes(struct strbuf *out, uint32_t old, uint32_t new)
{
	if (old && new &&old != new)
		strbuf_addf(out, "<p>mode %06o becomes %06o</p>\n", old, new);
}

static const char *word_of(char letter)
{
	switch (letter) {
	case 'A': return "added";
	case 'D': return "deleted";
	case 'M': return "modified";
	case 'R': return "renamed";
	default: return "of another type";
	}
}

static void add_summary(const struct drift_entry *e, struct strbuf *out)
{
	char letter = drift_entry_letter(e);

	strbuf_addf(
		out,
		"<summary class=\"%c\"><b class=\"k %c\" title=\"%s\">%c</b>"
		"<span class=\"path\">",
		letter, letter, word_of(letter), letter);
	if (e->from) {
		page_add_text(out, e->from->path, e->from->path_len);
		strbuf_addf(out, " \xe2\x86\x92 ");
	}
	page_add_text(out, e->change->path, e->change->path_len);
	strbuf_addstr(out, "</span><span class=\"lines\">");
	if (e->from)
		strbuf_addf(out, "%u %%, ", e->score);
	if (e->binary)
		strbuf_addstr(out, "binary");
	else
		strbuf_addf(out, "+%" PRIu64 " \xe2\x88\x92%" PRIu64, e->added,
			    e->removed);
	strbuf_addstr(out, "</span></summary>\n");
}

static int add_diff(const struct drift_page *page, const struct drift_entry *e,
		    struct strbuf *out, struct err *err)
{
	const struct tree_change *c = e->change, *from = e->from ? e->from : c;
	const struct file_side old = { from->old_mode, &from->old_id };
	const struct file_side new = { c->new_mode, &c->new_id };
	struct rows rows = { .out = out };
	struct file_diff d = { .repo = page->repo,
			       .context = 3,
			       .on_line = take_line,
			       .ctx = &rows };
	size_t start = out->len;

	strbuf_addstr(out, "<table class=\"diff\"><colgroup><col class=\"no\">"
			   "<col class=\"no\"><col></colgroup>\n");
	if (file_diff_run(&d, &old, &new, err) < 0)
		return err->code;
	strbuf_addstr(out, "</table>\n");
	if (!rows.nr)
		strbuf_setlen(out, start);
	if (rows.cut)
		add_note(out, "More lines differ: this file's changes are cut "
			      "off here.");
	if (d.too_large)
		add_note(out, "This file is too large to be compared.");
	else if (d.binary)
		add_note(out, "This is no text.");
	else if (!rows.nr)
		add_note(out, "No line differs.");
	return 0;
}

int drift_page_add_file(const struct drift_page *page, size_t index,
			struct strbuf *out, struct err *err)
{
	const struct drift_entry *e = &page->list->v[index];
	const struct tree_change *c = e->change;
	bool open = page->list->nr <= DRIFT_PAGE_OPEN;

	strbuf_addf(out,
		    "<details class=\"file\" id=\"f%zu\" "
		    "data-letter=\"%c\"%s%s data-path=\"",
		    index, drift_entry_letter(e),
		    e->custom ? " data-own=\"1\"" : "", open ? " open" : "");
	page_add_text(out, c->path, c->path_len);
	strbuf_addstr(out, "\">\n");
	add_summary(e, out);
	add_modes(out, e->from ? e->from->old_mode : c->old_mode, c->new_mode);
	if (out->len > DRIFT_PAGE_BYTES)
		add_note(out, "The page is large already: this file's changes "
			      "are left out.");
	else if (add_diff(page, e, out, err) < 0)
		return err->code;
	strbuf_addstr(out, "</details>\n");
	return 0;
}
