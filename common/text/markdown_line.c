#include "common/base/base.h"
#include "common/text/markdown_line.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* A NUL is in no set. */
static bool is_in(char c, const char *set)
{
	return c && strchr(set, c);
}

/* A line ends at LF, CR or CR LF (2.1). */
static size_t behind_line_end(const char *text, size_t len, size_t at)
{
	if (at + 1 < len && text[at] == '\r' && text[at + 1] == '\n')
		return at + 2;
	return at < len ? at + 1 : at;
}

bool markdown_line_at(struct markdown_line *l, const char *text, size_t len,
		      size_t at)
{
	size_t i = at, column = 0;

	if (at >= len)
		return false;
	for (; i < len && is_blank(text[i]); i++)
		column += text[i] == ' ' ? 1 : 4 - column % 4;
	*l = (struct markdown_line){
		.text = text, .start = at, .first = i, .indent = column
	};
	while (i < len && !is_in(text[i], "\r\n"))
		i++;
	l->past = i;
	l->end = behind_line_end(text, len, i);
	return true;
}

bool markdown_line_blank_from(const struct markdown_line *l, size_t from)
{
	while (from < l->past && is_blank(l->text[from]))
		from++;
	return from == l->past;
}

bool markdown_line_blank(const struct markdown_line *l)
{
	return l->first == l->past;
}

static size_t count(const struct markdown_line *l, size_t from, char c)
{
	size_t n = 0;

	while (from + n < l->past && l->text[from + n] == c)
		n++;
	return n;
}

bool markdown_line_heading(const struct markdown_line *l)
{
	size_t n = count(l, l->first, '#'), past = l->first + n;

	return n && n <= 6 && (past == l->past || is_blank(l->text[past]));
}

bool markdown_line_rule(const struct markdown_line *l)
{
	char c = l->text[l->first];
	size_t n = 0;

	if (!is_in(c, "-*_"))
		return false;
	for (size_t i = l->first; i < l->past; i++) {
		if (l->text[i] != c && !is_blank(l->text[i]))
			return false;
		n += l->text[i] == c;
	}
	return n >= 3;
}

bool markdown_line_underline(const struct markdown_line *l)
{
	char c = l->text[l->first];

	return is_in(c, "-=") &&
	       markdown_line_blank_from(l, l->first + count(l, l->first, c));
}

size_t markdown_line_fence(const struct markdown_line *l, char *c)
{
	size_t n, past;

	*c = l->text[l->first];
	n = count(l, l->first, *c);
	past = l->first + n;
	if (!is_in(*c, "`~") || n < 3)
		return 0;
	if (*c == '`' && memchr(l->text + past, '`', l->past - past))
		return 0;
	return n;
}

bool markdown_line_closes_fence(const struct markdown_line *l, char c, size_t n)
{
	size_t found = count(l, l->first, c);

	return l->indent < 4 && found >= n &&
	       markdown_line_blank_from(l, l->first + found);
}

bool markdown_line_holds(const struct markdown_line *l, const char *mark)
{
	size_t n = strlen(mark);

	for (size_t i = l->first; i + n <= l->past; i++)
		if (!strncasecmp(l->text + i, mark, n))
			return true;
	return false;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

const char *markdown_line_html(const struct markdown_line *l)
{
	enum follows { ANY, LETTER, NO_NAME };
	static const struct {
		const char *start, *end;
		enum follows follows;
	} kinds[] = {
		{ "<script", "</script>", NO_NAME },
		{ "<pre", "</pre>", NO_NAME },
		{ "<style", "</style>", NO_NAME },
		{ "<!--", "-->", ANY },
		{ "<?", "?>", ANY },
		{ "<!", ">", LETTER },
		{ "<![CDATA[", "]]>", ANY },
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		size_t n = strlen(kinds[i].start), past = l->first + n;
		char next = past < l->past ? l->text[past] : ' ';

		if (past > l->past ||
		    strncasecmp(l->text + l->first, kinds[i].start, n) != 0)
			continue;
		if (kinds[i].follows == ANY ||
		    (kinds[i].follows == LETTER && is_letter(next)) ||
		    (kinds[i].follows == NO_NAME && is_in(next, " \t>")))
			return kinds[i].end;
	}
	return NULL;
}

/* The marker of a list item, less what follows: its length, or 0. */
static size_t item_marker(const struct markdown_line *l, bool *interrupts)
{
	size_t i = l->first, digits;

	*interrupts = true;
	if (is_in(l->text[i], "-+*"))
		return 1;
	while (i < l->past && l->text[i] >= '0' && l->text[i] <= '9')
		i++;
	digits = i - l->first;
	if (!digits || digits > 9 || i == l->past || !is_in(l->text[i], ".)"))
		return 0;
	*interrupts = digits == 1 && l->text[l->first] == '1';
	return digits + 1;
}

bool markdown_line_item(const struct markdown_line *l, struct markdown_item *out)
{
	bool interrupts;
	size_t marker = item_marker(l, &interrupts), blanks = 0;
	size_t i = l->first + marker, column = l->indent + marker;

	if (!marker || (i < l->past && !is_blank(l->text[i])))
		return false;
	for (; i < l->past && is_blank(l->text[i]); i++)
		blanks += l->text[i] == ' ' ? 1 : 4 - (column + blanks) % 4;
	out->bare = i == l->past;
	out->interrupts = interrupts && !out->bare;
	/* Further in, it is a block of code in the item. */
	out->indent = column + (out->bare || blanks > 4 ? 1 : blanks);
	return true;
}
