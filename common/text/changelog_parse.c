#include "common/base/base.h"
#include "common/text/changelog_parse.h"
#include "common/base/mem.h"
#include "common/text/version_order.h"

#include <strings.h>

#define UNRELEASED "unreleased"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool says(const char *data, struct text_range r, const char *word)
{
	return r.to - r.from == strlen(word) &&
	       !strncasecmp(data + r.from, word, r.to - r.from);
}

/* "(url)" right behind the brackets. */
static void read_url(const char *data, struct changelog_heading *h, size_t *at)
{
	size_t end = *at + 1;

	if (*at >= h->line.end || data[*at] != '(')
		return;
	while (end < h->line.end && data[end] != ')' && !is_blank(data[end]))
		end++;
	if (end == h->line.end || data[end] != ')')
		return;
	h->url = (struct text_range){ *at + 1, end };
	h->has_url = true;
	*at = end + 1;
}

static bool read_heading(const char *data, const struct markdown_line *line,
			 struct changelog_heading *out)
{
	size_t p = markdown_heading(data, line, 2);
	struct changelog_heading h = { .line = *line };

	if (!p || p == line->end)
		return false;
	h.mark = (struct text_range){ line->start, p };
	h.bracketed = data[p] == '[';
	p += h.bracketed;
	h.name.from = p;
	while (p < line->end &&
	       (h.bracketed ? data[p] != ']' : !is_blank(data[p])))
		p++;
	h.name.to = p;
	if (h.bracketed && p++ == line->end)
		return false;
	if (h.bracketed)
		read_url(data, &h, &p);
	h.tail = (struct text_range){ p, line->end };
	*out = h;
	return true;
}

char *changelog_version(const struct strbuf *doc, struct text_range name,
			const char *prefix)
{
	const char *p = doc->buf + name.from;
	size_t len = name.to - name.from, n = strlen(prefix);

	if (len > n && !memcmp(p, prefix, n)) {
		p += n;
		len -= n;
	}
	return xstrndup(p, len);
}

/* A heading of another kind ends a section, and is no more to us. */
static bool is_version(const struct strbuf *doc,
		       const struct changelog_heading *h,
		       const struct changelog_entry *e, bool *same)
{
	AUTO_FREE char *version = changelog_version(doc, h->name, e->prefix);

	*same = !strcmp(version, e->tag + strlen(e->prefix));
	return *same || version_has_order(version);
}

/* Returns where the end of its section goes, if anybody wants to know. */
static size_t *take_heading(const struct strbuf *doc,
			    const struct changelog_heading *h,
			    const struct changelog_entry *e,
			    struct changelog_parts *out)
{
	bool same, first;

	if (says(doc->buf, h->name, UNRELEASED)) {
		out->has_again = out->has_unreleased;
		out->has_unreleased = true;
		*(out->has_again ? &out->again : &out->unreleased) = *h;
		return out->has_again ? NULL : &out->unreleased_end;
	}
	if (!is_version(doc, h, e, &same))
		return NULL;
	if (!out->has_newest)
		out->newest = *h;
	out->has_newest = true;
	first = same && !out->has_same;
	if (first)
		out->same = *h;
	out->has_same |= same;
	return first ? &out->same_end : NULL;
}

/* Something for a reader: no comment, no link, no heading of a category. */
static bool has_words(const char *data, const struct markdown_line *line)
{
	struct changelog_link link;
	size_t p = line->start;

	while (p < line->end && is_blank(data[p]))
		p++;
	return p < line->end && line->kind != MARKDOWN_COMMENT &&
	       (line->kind == MARKDOWN_CODE || data[p] != '#') &&
	       !changelog_read_link(data, line, &link);
}

void changelog_find(const struct strbuf *doc, const struct changelog_entry *e,
		    struct changelog_parts *out)
{
	struct markdown_lines lines = { .data = doc->buf, .len = doc->len };
	struct changelog_heading h = { .nr = 0 };
	struct markdown_line line;
	size_t nr = 0, *end = NULL;

	*out = (struct changelog_parts){ .empty = true };
	while (markdown_next(&lines, &line)) {
		nr++;
		if (markdown_heading(doc->buf, &line, 1) ||
		    markdown_heading(doc->buf, &line, 2)) {
			end = NULL;
			if (!read_heading(doc->buf, &line, &h))
				continue;
			h.nr = nr;
			end = take_heading(doc, &h, e, out);
		} else if (end == &out->unreleased_end &&
			   has_words(doc->buf, &line)) {
			out->empty = false;
		}
		if (end)
			*end = line.next;
	}
}

bool changelog_read_link(const char *data, const struct markdown_line *line,
			 struct changelog_link *out)
{
	struct changelog_link l = { .line = *line, .found = true };
	size_t p = line->start;

	while (p < line->end && data[p] == ' ')
		p++;
	if (line->kind != MARKDOWN_TEXT || p > line->start + 3 ||
	    p == line->end || data[p++] != '[')
		return false;
	l.name.from = p;
	while (p < line->end && data[p] != ']')
		p++;
	l.name.to = p;
	if (p + 1 >= line->end || data[p + 1] != ':')
		return false;
	for (p += 2; p < line->end && is_blank(data[p]);)
		p++;
	l.url.from = p;
	while (p < line->end && !is_blank(data[p]))
		p++;
	l.url.to = p;
	*out = l;
	return true;
}

void changelog_find_link(const struct strbuf *doc, const char *name, size_t len,
			 struct changelog_link *out)
{
	struct markdown_lines lines = { .data = doc->buf, .len = doc->len };
	struct markdown_line line;

	while (markdown_next(&lines, &line)) {
		struct changelog_link l;

		/* As in Markdown, the first one counts. */
		if (changelog_read_link(doc->buf, &line, &l) &&
		    l.name.to - l.name.from == len &&
		    !strncasecmp(doc->buf + l.name.from, name, len)) {
			*out = l;
			return;
		}
	}
	*out = (struct changelog_link){ 0 };
}
