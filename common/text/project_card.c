#include "common/base/base.h"
#include "common/text/project_card.h"
#include "common/base/mem.h"
#include "common/text/markdown_lines.h"

#include <strings.h>

#define MIDDLE_DOT "\xc2\xb7"
#define BULLET	   "\xe2\x80\xa2"

/* What stands around words without being part of them. */
#define BLANKS	 " \t"
#define EMPHASIS "*_`"
#define MARKS	 ">#-+"

struct cell {
	const char *p, *end;
};

/* Length of the separator at p, or 0. */
static size_t separator(const char *p, const char *end)
{
	static const char *const all[] = { "|", MIDDLE_DOT, BULLET };

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		size_t n = strlen(all[i]);

		if ((size_t)(end - p) >= n && !memcmp(p, all[i], n))
			return n;
	}
	return 0;
}

static const char *cell_end(const char *p, const char *end)
{
	while (p < end && !separator(p, end))
		p++;
	return p;
}

static const char *skip(const char *p, const char *end, const char *these)
{
	while (p < end && *p && strchr(these, *p))
		p++;
	return p;
}

static const char *skip_back(const char *p, const char *end, const char *these)
{
	while (end > p && end[-1] && strchr(these, end[-1]))
		end--;
	return end;
}

static bool stands_alone(const char *text, const char *around)
{
	const char *end = text + strlen(text);

	return skip(text, end, around) == text &&
	       skip_back(text, end, BLANKS EMPHASIS) == end &&
	       cell_end(text, end) == end;
}

const char *card_field_trouble(const struct card_field *field)
{
	if (!*field->name || strpbrk(field->name, ":\r\n") ||
	    !stands_alone(field->name, BLANKS EMPHASIS MARKS))
		return "has a name that cannot be found again";
	if (!*field->value || strpbrk(field->value, "\r\n") ||
	    !stands_alone(field->value, BLANKS EMPHASIS))
		return "has a value that cannot be read back";
	return NULL;
}

/* A value without what is around it; an empty one keeps one blank in front. */
static struct cell value_in(const char *p, const char *end)
{
	struct cell v = { skip(p, end, BLANKS EMPHASIS), end };

	v.end = skip_back(v.p, end, BLANKS EMPHASIS);
	if (v.p == end) {
		v.p = skip(p, end, EMPHASIS);
		v.p += v.p < end;
		v.end = v.p;
	}
	return v;
}

/* Is it this field's cell? Then value gets where its value is. */
static bool read_cell(const char *p, struct cell line, const char *name,
		      struct cell *value)
{
	const char *end = cell_end(p, line.end);
	size_t len = strlen(name), n;

	p = skip(p, end, BLANKS EMPHASIS MARKS);
	if ((size_t)(end - p) < len || strncasecmp(p, name, len) != 0)
		return false;
	p = skip(p + len, end, BLANKS EMPHASIS);
	if (p < end && *p == ':') {
		*value = value_in(p + 1, end);
		return true;
	}
	/* In a table it is the next cell, which must end, too. */
	n = separator(end, line.end);
	if (p != end || n != 1)
		return false;
	p = end + n;
	end = cell_end(p, line.end);
	if (end == line.end)
		return false;
	*value = value_in(p, end);
	return true;
}

static bool find_in(struct cell line, const char *name, struct cell *value)
{
	for (const char *p = line.p; p < line.end;) {
		if (read_cell(p, line, name, value))
			return true;
		p = cell_end(p, line.end);
		p += separator(p, line.end);
	}
	return false;
}

static bool find(const struct strbuf *doc, const char *name, struct cell *value)
{
	struct markdown_lines lines = { .data = doc->buf, .len = doc->len };
	struct markdown_line line;

	while (markdown_next(&lines, &line))
		if (line.kind == MARKDOWN_TEXT &&
		    find_in((struct cell){ doc->buf + line.start,
					   doc->buf + line.end },
			    name, value))
			return true;
	return false;
}

/* "Live" right behind the ":" would read badly. */
static bool needs_blank(const struct strbuf *doc, const struct cell *value)
{
	return value->p == value->end && value->p > doc->buf &&
	       !strchr(BLANKS, value->p[-1]);
}

void card_set(const struct strbuf *doc, const struct card_field *field,
	      struct strbuf *out, struct card_outcome *outcome)
{
	struct cell value = { doc->buf, doc->buf };
	size_t len, want = strlen(field->value);

	*outcome = (struct card_outcome){
		.found = find(doc, field->name, &value),
	};
	if (!outcome->found) {
		strbuf_add(out, doc->buf, doc->len);
		return;
	}
	len = (size_t)(value.end - value.p);
	if (len != want || memcmp(value.p, field->value, len) != 0)
		outcome->before = xstrndup(value.p, len);
	strbuf_add(out, doc->buf, (size_t)(value.p - doc->buf));
	if (needs_blank(doc, &value))
		strbuf_addch(out, ' ');
	strbuf_addstr(out, field->value);
	strbuf_add(out, value.end, doc->len - (size_t)(value.end - doc->buf));
}
