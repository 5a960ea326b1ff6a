#include "common/base/base.h"
#include "git-serversync/workflow_patch.h"

#include "common/base/mem.h"

/* What goes in between two bytes of the file. */
struct insertion {
	size_t at;
	struct strbuf text;
};

struct insertions {
	struct insertion *v;
	size_t nr, alloc;
};

static void insertions_release(struct insertions *list)
{
	while (list->nr)
		strbuf_release(&list->v[--list->nr].text);
	free(list->v);
}

static struct strbuf *insert_at(struct insertions *list, size_t at)
{
	ALLOC_GROW(list->v, list->nr + 1, list->alloc);
	list->v[list->nr] = (struct insertion){ .at = at, .text = STRBUF_INIT };
	return &list->v[list->nr++].text;
}

/* Columns are characters of UTF-8. */
static size_t offset_of(const struct workflow_text *text,
			const struct workflow_place *place)
{
	size_t at = workflow_offset(text, place->line), column = place->column;

	while (column && at < text->len) {
		at++;
		while (at < text->len &&
		       ((unsigned char)text->data[at] & 0xc0) == 0x80)
			at++;
		column--;
	}
	return at;
}

static const char *line_end_of(const struct workflow_text *text)
{
	const char *nl = memchr(text->data, '\n', text->len);

	return nl && nl > text->data && nl[-1] == '\r' ? "\r\n" : "\n";
}

/* Would a reader of YAML take a plain one for something else? */
static bool needs_quotes(const char *path)
{
	return strpbrk(path, "*?[]#,:&!%@`|>") || *path == '-';
}

static void add_item(struct strbuf *out, const char *path, char quote)
{
	if (!quote && needs_quotes(path))
		quote = '\'';
	if (quote)
		strbuf_addf(out, "%c%s%c", quote, path, quote);
	else
		strbuf_addstr(out, path);
}

/* "a b c" */
static void add_joined(struct strbuf *out, const char *const *paths)
{
	for (size_t i = 0; paths[i]; i++)
		strbuf_addf(out, "%s%s", i ? " " : "", paths[i]);
}

/* Behind the last word of a text that is no block. */
static void extend_text(const struct workflow_change *c,
			const struct workflow_value *v, struct insertions *list)
{
	size_t end = offset_of(c->text, &v->end);
	bool quoted = v->style == WORKFLOW_QUOTED;
	bool quotes = false;
	struct strbuf *out = insert_at(list, end - (quoted && end));

	for (size_t i = 0; v->empty && !quoted && c->paths[i]; i++)
		quotes |= needs_quotes(c->paths[i]);
	if (!quoted || !v->empty)
		strbuf_addch(out, ' ');
	if (quotes)
		strbuf_addch(out, '\'');
	add_joined(out, c->paths);
	if (quotes)
		strbuf_addch(out, '\'');
}

static size_t count_words(const char *p, size_t len)
{
	size_t nr = 0;
	bool in = false;

	for (size_t i = 0; i < len; i++) {
		bool blank = strchr(" \t\r\n", p[i]) != NULL;

		nr += !blank && !in;
		in = !blank;
	}
	return nr;
}

static size_t indent_of(const struct workflow_text *text, size_t line)
{
	size_t n = line;

	while (n < text->len && text->data[n] == ' ')
		n++;
	return n - line;
}

/* The lines of a block: how they are written, and where the last one ends. */
struct block {
	size_t indent, end;
	bool shared; /* some line has several words */
};

static void look_at_block(const struct workflow_text *text,
			  const struct workflow_value *v, struct block *b)
{
	size_t last = v->end.line + (v->end.column != 0);
	size_t from = workflow_offset(text, v->start.line + 1);

	b->indent = indent_of(text, workflow_offset(text, v->key.line)) + 2;
	b->end = from;
	for (size_t line = v->start.line + 1; line < last; line++) {
		size_t to = workflow_next_line(text, from);
		size_t words = count_words(text->data + from, to - from);
		size_t indent = indent_of(text, from);

		if (words) {
			b->end = to;
			b->indent = indent;
			b->shared |= words > 1 &&
				     text->data[from + indent] != '#';
		}
		from = to;
	}
}

/* A file whose last line has no end gets one. */
static void begin_line(const struct workflow_text *text, size_t at,
		       struct strbuf *out)
{
	if (at && text->data[at - 1] != '\n' && text->data[at - 1] != '\r')
		strbuf_addstr(out, line_end_of(text));
}

static void extend_block(const struct workflow_change *c,
			 const struct workflow_value *v, struct insertions *list)
{
	const char *eol = line_end_of(c->text);
	struct block b = { 0 };
	struct strbuf *out;

	look_at_block(c->text, v, &b);
	out = insert_at(list, b.end);
	begin_line(c->text, b.end, out);
	if (b.shared) {
		strbuf_addf(out, "%*s", (int)b.indent, "");
		add_joined(out, c->paths);
		strbuf_addstr(out, eol);
		return;
	}
	for (size_t i = 0; c->paths[i]; i++)
		strbuf_addf(out, "%*s%s%s", (int)b.indent, "", c->paths[i], eol);
}

/* The quote that the last item of a list is in, or 0. */
static char quote_of_last(const struct workflow_text *text,
			  const struct workflow_value *v)
{
	size_t at = offset_of(text, &v->last);
	char c = !v->empty && at < text->len ? text->data[at] : '\0';

	return c == '\'' || c == '"' ? c : '\0';
}

static void extend_list(const struct workflow_change *c,
			const struct workflow_value *v, struct insertions *list)
{
	char quote = quote_of_last(c->text, v);
	size_t line = workflow_offset(c->text, v->last.line);
	size_t item = offset_of(c->text, &v->last);
	size_t end =
		workflow_next_line(c->text, offset_of(c->text, &v->last_end));
	struct strbuf *out = insert_at(list, end);

	begin_line(c->text, end, out);
	for (size_t i = 0; c->paths[i]; i++) {
		strbuf_add(out, c->text->data + line, item - line);
		add_item(out, c->paths[i], quote);
		strbuf_addstr(out, line_end_of(c->text));
	}
}

static void extend_flow(const struct workflow_change *c,
			const struct workflow_value *v, struct insertions *list)
{
	char quote = quote_of_last(c->text, v);
	size_t end = offset_of(c->text, v->empty ? &v->end : &v->last_end);
	struct strbuf *out = insert_at(list, v->empty && end ? end - 1 : end);

	for (size_t i = 0; c->paths[i]; i++) {
		if (i || !v->empty)
			strbuf_addstr(out, ", ");
		add_item(out, c->paths[i], quote);
	}
}

/* In front of "jobs", which every workflow has. */
static int add_variable(const struct workflow_change *c,
			struct insertions *list, struct err *err)
{
	const char *eol = line_end_of(c->text);
	struct strbuf *out;

	if (c->values->has_env || !c->values->has_jobs || c->values->jobs.column)
		return err_set(err, ERR_FAILED,
			       "%s does not set " GIT_ONLY_PATHS
			       ": where it belongs is for you to say",
			       c->text->file);
	out = insert_at(list, workflow_offset(c->text, c->values->jobs.line));
	strbuf_addf(out, "env:%s  " GIT_ONLY_PATHS ": >-%s", eol, eol);
	for (size_t i = 0; c->paths[i]; i++)
		strbuf_addf(out, "    %s%s", c->paths[i], eol);
	strbuf_addstr(out, eol);
	return 0;
}

static void extend(const struct workflow_change *c,
		   const struct workflow_value *v, struct insertions *list)
{
	switch (v->style) {
	case WORKFLOW_PLAIN:
	case WORKFLOW_QUOTED: extend_text(c, v, list); break;
	case WORKFLOW_BLOCK: extend_block(c, v, list); break;
	case WORKFLOW_LIST: extend_list(c, v, list); break;
	case WORKFLOW_FLOW: extend_flow(c, v, list); break;
	}
}

static int by_place(const void *a, const void *b)
{
	const struct insertion *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

static void write_text(const struct workflow_text *text,
		       struct insertions *list, struct strbuf *out)
{
	size_t at = 0;

	if (list->nr)
		qsort(list->v, list->nr, sizeof(*list->v), by_place);
	for (size_t i = 0; i < list->nr; i++) {
		strbuf_add(out, text->data + at, list->v[i].at - at);
		strbuf_add(out, list->v[i].text.buf, list->v[i].text.len);
		at = list->v[i].at;
	}
	strbuf_add(out, text->data + at, text->len - at);
}

static bool has_path(const struct audited_paths *paths, const char *path)
{
	for (size_t i = 0; i < paths->nr; i++)
		if (!strcmp(paths->v[i].path, path))
			return true;
	return false;
}

/* Does the new text say what it should? */
static bool is_right(const struct workflow_change *c, const struct strbuf *out)
{
	const struct workflow_text text = { .data = out->buf,
					    .len = out->len,
					    .file = c->text->file };
	AUTO_WORKFLOW_PATHS struct workflow_paths now = WORKFLOW_PATHS_INIT;
	AUTO_AUDIT_GAP struct audit_gap gap = AUDIT_GAP_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	if (workflow_paths_read(&text, &now, &gap, &err) < 0 || gap.why.len ||
	    !now.nr || now.nr < c->values->nr)
		return false;
	for (size_t i = 0; c->paths[i]; i++)
		if (!has_path(&now.v[0].paths, c->paths[i]))
			return false;
	return true;
}

int workflow_patch_text(const struct workflow_change *c, struct strbuf *out,
			struct err *err)
{
	CLEANUP(insertions_release) struct insertions list = { 0 };

	for (size_t i = 0; i < c->values->nr; i++)
		extend(c, &c->values->v[i], &list);
	if (!c->values->nr && add_variable(c, &list, err) < 0)
		return err->code;
	write_text(c->text, &list, out);
	if (!is_right(c, out))
		return err_set(err, ERR_FAILED,
			       "the paths cannot be added to %s in the way it "
			       "is written: do it by hand",
			       c->text->file);
	return 0;
}
