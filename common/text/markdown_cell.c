#include "common/base/base.h"
#include "common/text/markdown_table.h"

static size_t run_length(const struct markdown_cell *cell, size_t at)
{
	size_t n = 0;

	while (at + n < cell->len && cell->text[at + n] == '`')
		n++;
	return n;
}

/* Where the next run of exactly n backticks begins, or SIZE_MAX. */
static size_t find_run(const struct markdown_cell *cell, size_t at, size_t n)
{
	while (at < cell->len) {
		size_t found = run_length(cell, at);

		if (found == n)
			return at;
		at += found ? found : 1;
	}
	return SIZE_MAX;
}

/*
 * CommonMark 6.1: one blank at either end is taken off, unless there are only
 * blanks. "\|" is a pipe, even here.
 */
static void add_span(struct strbuf *out, const char *s, size_t len)
{
	size_t blanks = 0;

	while (blanks < len && s[blanks] == ' ')
		blanks++;
	if (blanks < len && s[0] == ' ' && s[len - 1] == ' ') {
		s++;
		len -= 2;
	}
	for (size_t i = 0; i < len; i++)
		if (s[i] != '\\' || i + 1 == len || s[i + 1] != '|')
			strbuf_addch(out, s[i]);
}

/* Behind the tag or comment that begins at "at"; at + 1 if there is none. */
static size_t skip_html(const struct markdown_cell *cell, size_t at)
{
	const char *from = cell->text + at, *hit;
	size_t left = cell->len - at;
	bool comment = left >= 4 && !memcmp(from, "<!--", 4);

	hit = comment ? memmem(from, left, "-->", 3) : memchr(from, '>', left);
	return hit ? (size_t)(hit - cell->text) + (comment ? 3 : 1) : at + 1;
}

bool markdown_code_span(const struct markdown_cell *cell, size_t *at,
			struct strbuf *out)
{
	size_t i = cell->len > MARKDOWN_SPANS_MAX ? cell->len : *at;

	while (i < cell->len) {
		size_t n = run_length(cell, i), end;

		if (cell->text[i] == '\\') {
			i += 2;
			continue;
		}
		if (cell->text[i] == '<') {
			i = skip_html(cell, i);
			continue;
		}
		if (!n) {
			i++;
			continue;
		}
		end = find_run(cell, i + n, n);
		if (end == SIZE_MAX) {
			i += n;
			continue;
		}
		add_span(out, cell->text + i + n, end - i - n);
		*at = end + n;
		return true;
	}
	*at = cell->len;
	return false;
}

void markdown_plain(const struct markdown_cell *cell, struct strbuf *out)
{
	static const char around[] = "*_` \t";
	size_t from = 0, to = cell->len;

	while (from < to && cell->text[from] && strchr(around, cell->text[from]))
		from++;
	while (to > from && cell->text[to - 1] &&
	       strchr(around, cell->text[to - 1]))
		to--;
	for (size_t i = from; i < to; i++) {
		bool blank = cell->text[i] == ' ' || cell->text[i] == '\t';

		if (!blank)
			strbuf_addch(out, cell->text[i]);
		else if (out->buf[out->len - 1] != ' ')
			strbuf_addch(out, ' ');
	}
}
