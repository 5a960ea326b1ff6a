#include "common/base/base.h"
#include "common/text/markdown_lines.h"

#include <strings.h>

#define BOM	   "\xef\xbb\xbf"
#define INDENT_MAX 3 /* one more blank makes it code */

/* The bytes of one line. */
struct span {
	const char *p, *end;
};

/* Behind the indentation; NULL when there is too much of it. */
static const char *text_of(struct span s)
{
	size_t n = 0;

	while (s.p < s.end && *s.p == ' ' && n++ < INDENT_MAX)
		s.p++;
	return s.p < s.end && (*s.p == ' ' || *s.p == '\t') ? NULL : s.p;
}

static size_t run_of(const char *p, const char *end, char c)
{
	const char *q = p;

	while (q < end && *q == c)
		q++;
	return (size_t)(q - p);
}

static bool only_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return p == end;
}

static bool opens_fence(struct markdown_lines *doc, struct span s)
{
	const char *p = text_of(s);
	size_t n;

	if (!p || p == s.end || (*p != '`' && *p != '~'))
		return false;
	n = run_of(p, s.end, *p);
	/* `` ``` ` `` is code within a line. */
	if (n < 3 || (*p == '`' && memchr(p + n, '`', (size_t)(s.end - p) - n)))
		return false;
	doc->fence = *p;
	doc->fence_len = n;
	return true;
}

static bool closes_fence(const struct markdown_lines *doc, struct span s)
{
	const char *p = text_of(s);
	size_t n;

	if (!p)
		return false;
	n = run_of(p, s.end, doc->fence);
	return n >= doc->fence_len && only_blanks(p + n, s.end);
}

static bool has(struct span s, const char *what)
{
	return memmem(s.p, (size_t)(s.end - s.p), what, strlen(what)) != NULL;
}

static const char *const pre_tags[] = { "pre", "script", "style", "textarea" };

static bool opens_pre(struct span s)
{
	const char *p = text_of(s);

	if (!p || p == s.end || *p++ != '<')
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(pre_tags); i++) {
		size_t n = strlen(pre_tags[i]);

		if ((size_t)(s.end - p) >= n && !strncasecmp(p, pre_tags[i], n) &&
		    (p + n == s.end || strchr(" \t>", p[n])))
			return true;
	}
	return false;
}

static bool closes_pre(struct span s)
{
	for (const char *p = s.p; p < s.end; p++) {
		if (*p != '<' || p + 1 == s.end || p[1] != '/')
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(pre_tags); i++) {
			size_t n = strlen(pre_tags[i]);

			if ((size_t)(s.end - p) > n + 2 && p[n + 2] == '>' &&
			    !strncasecmp(p + 2, pre_tags[i], n))
				return true;
		}
	}
	return false;
}

static bool opens_comment(struct span s)
{
	const char *p = text_of(s);

	return p && s.end - p >= 4 && !memcmp(p, "<!--", 4);
}

static enum markdown_kind judge(struct markdown_lines *doc, struct span s)
{
	if (doc->fence) {
		if (closes_fence(doc, s))
			doc->fence = '\0';
		return MARKDOWN_CODE;
	}
	if (doc->comment || opens_comment(s)) {
		doc->comment = !has(s, "-->");
		return MARKDOWN_COMMENT;
	}
	if (doc->pre || opens_pre(s)) {
		doc->pre = !closes_pre(s);
		return MARKDOWN_CODE;
	}
	return opens_fence(doc, s) ? MARKDOWN_CODE : MARKDOWN_TEXT;
}

bool markdown_next(struct markdown_lines *doc, struct markdown_line *line)
{
	const char *nl;

	if (!doc->at && doc->len >= 3 && !memcmp(doc->data, BOM, 3))
		doc->at = 3;
	if (doc->at >= doc->len)
		return false;
	line->start = doc->at;
	nl = memchr(doc->data + doc->at, '\n', doc->len - doc->at);
	line->end = nl ? (size_t)(nl - doc->data) : doc->len;
	line->next = nl ? line->end + 1 : doc->len;
	if (nl && line->end > line->start && nl[-1] == '\r')
		line->end--;
	line->kind = judge(doc, (struct span){ doc->data + line->start,
					       doc->data + line->end });
	doc->at = line->next;
	return true;
}

size_t markdown_heading(const char *data, const struct markdown_line *line,
			unsigned int level)
{
	const char *end = data + line->end;
	const char *p = text_of((struct span){ data + line->start, end });

	if (line->kind != MARKDOWN_TEXT || !p || run_of(p, end, '#') != level)
		return 0;
	p += level;
	if (p < end && *p != ' ' && *p != '\t')
		return 0;
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return (size_t)(p - data);
}

const char *markdown_line_end(const char *data, size_t len,
			      const struct markdown_line *line)
{
	const char *nl = line->next > line->end ? data + line->next - 1
						: memchr(data, '\n', len);

	return nl && nl > data && nl[-1] == '\r' ? "\r\n" : "\n";
}
