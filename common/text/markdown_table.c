#include "common/base/base.h"
#include "common/text/markdown_table.h"

#include "common/base/mem.h"

void markdown_reader_init(struct markdown_reader *r, const char *text, size_t len)
{
	static const char bom[] = "\xef\xbb\xbf";

	*r = (struct markdown_reader){ .text = text, .len = len };
	if (len >= 3 && !memcmp(text, bom, 3))
		r->at = 3;
}

void markdown_reader_release(struct markdown_reader *r)
{
	free(r->row.cells);
	r->row = (struct markdown_row){ 0 };
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void add_cell(struct markdown_row *row, const char *s, size_t len)
{
	while (len && is_blank(*s)) {
		s++;
		len--;
	}
	while (len && is_blank(s[len - 1]))
		len--;
	ALLOC_GROW(row->cells, row->nr + 1, row->alloc);
	row->cells[row->nr++] = (struct markdown_cell){ s, len };
}

static void split_cells(struct markdown_row *row, const struct markdown_line *l)
{
	size_t from = l->first;

	row->nr = 0;
	if (from < l->past && l->text[from] == '|')
		from++;
	for (size_t i = from; i < l->past; i++) {
		if (l->text[i] != '|' || (i && l->text[i - 1] == '\\'))
			continue;
		add_cell(row, l->text + from, i - from);
		from = i + 1;
	}
	if (!markdown_line_blank_from(l, from))
		add_cell(row, l->text + from, l->past - from);
}

/* Always true: there is a row. */
static bool set_row(struct markdown_reader *r, const struct markdown_line *l,
		    enum markdown_row_kind kind)
{
	r->row.kind = kind;
	r->row.line = r->line;
	r->row.end = l->end;
	split_cells(&r->row, l);
	return true;
}

static bool is_delimiter_cell(const struct markdown_cell *c)
{
	size_t from = c->len && c->text[0] == ':';
	size_t to = c->len - (c->len > from && c->text[c->len - 1] == ':');

	for (size_t i = from; i < to; i++)
		if (c->text[i] != '-')
			return false;
	return to > from;
}

/* True when the line above is a header, and this one the delimiter row. */
static bool begins_table(struct markdown_reader *r, const struct markdown_line *l)
{
	size_t nr;

	if (r->block != MARKDOWN_TEXT || !r->has_above || l->indent >= 4)
		return false;
	split_cells(&r->row, l);
	nr = r->row.nr;
	for (size_t i = 0; i < nr; i++)
		if (!is_delimiter_cell(&r->row.cells[i]))
			return false;
	split_cells(&r->row, &r->above);
	return nr >= 2 && r->row.nr == nr;
}

static bool unread_row(struct markdown_reader *r, const struct markdown_line *l)
{
	return memchr(l->text + l->first, '|', l->past - l->first) &&
	       set_row(r, l, MARKDOWN_UNREAD);
}

static bool begins_list(struct markdown_reader *r, const struct markdown_line *l)
{
	struct markdown_item item;

	if (!markdown_line_item(l, &item))
		return false;
	if (r->block == MARKDOWN_TEXT && !item.interrupts)
		return false;
	r->unsure = r->unsure && !r->blank && !item.interrupts;
	r->item = item;
	return true;
}

/*
 * What begins at a line that is not blank and inside of nothing. Whatever
 * begins with "<" and is not known better counts as HTML.
 */
static enum markdown_block block_of(struct markdown_reader *r,
				    const struct markdown_line *l)
{
	bool text = r->block == MARKDOWN_TEXT;

	if (l->indent >= 4)
		return text ? MARKDOWN_TEXT : MARKDOWN_NONE;
	if (markdown_line_heading(l) || markdown_line_rule(l) ||
	    (text && markdown_line_underline(l)))
		return MARKDOWN_NONE;
	r->fence_len = markdown_line_fence(l, &r->fence);
	if (r->fence_len)
		return MARKDOWN_FENCE;
	if (l->text[l->first] == '>')
		return MARKDOWN_QUOTE;
	if (begins_list(r, l))
		return MARKDOWN_LIST;
	if (l->text[l->first] != '<')
		return MARKDOWN_TEXT;
	r->html_end = markdown_line_html(l);
	if (!r->html_end)
		return MARKDOWN_HTML;
	return markdown_line_holds(l, r->html_end) ? MARKDOWN_NONE
						   : MARKDOWN_COMMENT;
}

/* What would begin there if no paragraph went on. */
static enum markdown_block block_alone(const struct markdown_line *l)
{
	struct markdown_reader alone = { .block = MARKDOWN_NONE };

	return block_of(&alone, l);
}

/* Reading on past these in the wrong block would turn inside into outside. */
static bool matters(enum markdown_block b)
{
	return b == MARKDOWN_FENCE || b == MARKDOWN_COMMENT ||
	       b == MARKDOWN_LIST || b == MARKDOWN_HTML;
}

static bool in_list(struct markdown_reader *r, const struct markdown_line *l)
{
	if (l->indent < r->item.indent)
		return false;
	r->item.bare = false;
	if (r->unsure && matters(block_alone(l)))
		r->block = MARKDOWN_LOST;
	return true;
}

/*
 * Behind a line of a quote or list, and less indented: if that ends in a
 * paragraph, the paragraph may go on here ("laziness", 5.1).
 */
static bool is_lazy(struct markdown_reader *r, const struct markdown_line *l)
{
	enum markdown_block next = block_alone(l);

	if (r->raw && matters(next) && next != MARKDOWN_HTML)
		r->block = MARKDOWN_LOST;
	else if (next == MARKDOWN_HTML)
		r->raw = true; /* a block, or in the paragraph */
	else if (!r->raw && l->indent < 4 && next != MARKDOWN_TEXT)
		return false;
	r->unsure = true;
	return true;
}

/* Is the line, which is not blank, inside of what the one above is in? */
static bool stays_inside(struct markdown_reader *r, const struct markdown_line *l)
{
	enum markdown_block next;

	switch (r->block) {
	case MARKDOWN_LOST: return true;
	case MARKDOWN_HTML:
		next = block_alone(l);
		if (matters(next) && next != MARKDOWN_HTML)
			r->block = MARKDOWN_LOST;
		return true;
	case MARKDOWN_LIST:
		if (in_list(r, l))
			return true;
		break;
	case MARKDOWN_QUOTE: break;
	default: return false;
	}
	return !r->blank && is_lazy(r, l);
}

/* True when that is all there is to this line. */
static bool is_passed_over(struct markdown_reader *r,
			   const struct markdown_line *l)
{
	bool ends;

	if (r->block == MARKDOWN_FENCE || r->block == MARKDOWN_COMMENT) {
		ends = r->block == MARKDOWN_FENCE
			       ? markdown_line_closes_fence(l, r->fence,
							    r->fence_len)
			       : markdown_line_holds(l, r->html_end);
		if (ends)
			r->block = MARKDOWN_NONE;
		return true;
	}
	if (!markdown_line_blank(l))
		return false;
	r->raw = false;
	if (r->block == MARKDOWN_LIST ? r->item.bare && l->indent < r->item.indent
				      : r->block != MARKDOWN_LOST)
		r->block = MARKDOWN_NONE;
	return true;
}

/* True when the line makes a row. */
static bool take_line(struct markdown_reader *r, const struct markdown_line *l)
{
	enum markdown_block next;

	if (stays_inside(r, l))
		return unread_row(r, l);
	next = block_of(r, l);
	if (next == MARKDOWN_TEXT && r->block == MARKDOWN_TABLE)
		return set_row(r, l, MARKDOWN_ROW);
	if (next == MARKDOWN_TEXT && begins_table(r, l)) {
		r->block = MARKDOWN_TABLE;
		set_row(r, &r->above, MARKDOWN_HEADER);
		r->row.line--;
		r->row.end = l->end;
		return true;
	}
	r->block = next;
	r->above = *l;
	r->has_above = l->indent < 4;
	return next != MARKDOWN_FENCE && next != MARKDOWN_COMMENT &&
	       unread_row(r, l);
}

bool markdown_next_row(struct markdown_reader *r)
{
	struct markdown_line l;

	while (markdown_line_at(&l, r->text, r->len, r->at)) {
		bool found;

		r->at = l.end;
		r->line++;
		found = !is_passed_over(r, &l) && take_line(r, &l);
		r->blank = markdown_line_blank(&l);
		if (found)
			return true;
	}
	return false;
}
