#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/text/gitconfig.h"

#include <strings.h>

/*
 * One pass over the bytes, structured like the rules in git-config(1). A CRLF
 * reads as one newline, and the end of the data as a newline of its own.
 */
struct scan {
	const char *p, *end;
	const char *label;
	unsigned int line; /* of the character given last */
	bool newline;	   /* that character ended its line */
	bool eof;
};

static int next(struct scan *s)
{
	unsigned char c;

	if (s->newline)
		s->line++;
	s->newline = true;
	if (s->p == s->end) {
		s->eof = true;
		return '\n';
	}
	c = (unsigned char)*s->p++;
	if (c == '\r' && s->p < s->end && *s->p == '\n')
		c = (unsigned char)*s->p++;
	s->newline = c == '\n';
	return c;
}

/* Not <ctype.h>: the locale has no say in a file format. */
static bool is_space(int c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_alpha(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_key(int c)
{
	return is_alpha(c) || (c >= '0' && c <= '9') || c == '-';
}

static void add_lower(struct strbuf *sb, int c)
{
	strbuf_addch(sb, c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static int bad(const struct scan *s, struct err *err, const char *why)
{
	return err_set(err, ERR_FAILED, "%s:%u: %s", s->label, s->line, why);
}

/* The rest of [section "sub"]; c is the blank behind the section. */
static int scan_quoted_sub(struct scan *s, int c, struct strbuf *out,
			   struct err *err)
{
	while (is_space(c)) {
		if (c == '\n')
			return bad(s, err, "the section header has no end");
		c = next(s);
	}
	if (c != '"')
		return bad(s, err, "a subsection must be in double quotes");
	for (;;) {
		c = next(s);
		if (c == '"')
			break;
		if (c == '\\')
			c = next(s);
		if (c == '\n')
			return bad(s, err, "the section header has no end");
		strbuf_addch(out, c);
	}
	if (next(s) != ']')
		return bad(s, err, "expected ']' behind the subsection");
	return 0;
}

/*
 * What is inside the brackets, as git keeps it: section, dot, subsection.
 * The dots of the old form [section.sub] make a subsection like any other.
 */
static int scan_header(struct scan *s, struct strbuf *out, struct err *err)
{
	for (;;) {
		int c = next(s);

		if (s->eof)
			return bad(s, err, "the section header has no end");
		if (c == ']' && out->len)
			return 0;
		if (is_space(c)) {
			strbuf_addch(out, '.');
			return scan_quoted_sub(s, c, out, err);
		}
		if (!is_key(c) && c != '.')
			return bad(s, err, "bad character in a section name");
		add_lower(out, c);
	}
}

/* The character behind a backslash; a newline stands for nothing. */
static int scan_escape(struct scan *s, struct strbuf *out, struct err *err)
{
	int c = next(s);

	switch (c) {
	case '\n': return 0;
	case 't': c = '\t'; break;
	case 'b': c = '\b'; break;
	case 'n': c = '\n'; break;
	case '\\':
	case '"': break;
	default: return bad(s, err, "unknown escape in a value");
	}
	strbuf_addch(out, c);
	return 0;
}

/* Blanks outside of quotes count only between other characters. */
static int scan_value(struct scan *s, struct strbuf *out, struct err *err)
{
	AUTO_STRBUF struct strbuf blanks = STRBUF_INIT;
	bool quoted = false, comment = false;

	for (;;) {
		int c = next(s), ret;

		if (c == '\n') {
			if (quoted)
				return bad(s, err, "a quote has no end");
			return 0;
		}
		if (comment)
			continue;
		if (is_space(c) && !quoted) {
			if (out->len)
				strbuf_addch(&blanks, c);
			continue;
		}
		if (!quoted && (c == '#' || c == ';')) {
			comment = true;
			continue;
		}
		strbuf_add(out, blanks.buf, blanks.len);
		strbuf_reset(&blanks);
		if (c == '\\') {
			ret = scan_escape(s, out, err);
			if (ret < 0)
				return ret;
		} else if (c == '"') {
			quoted = !quoted;
		} else {
			strbuf_addch(out, c);
		}
	}
}

static void add_entry(struct gitconfig *gc, const struct strbuf *header,
		      unsigned int section_line)
{
	const char *dot = strchr(header->buf, '.');
	struct gitconfig_entry *e;

	ALLOC_GROW(gc->entries, gc->nr + 1, gc->alloc);
	e = &gc->entries[gc->nr++];
	*e = (struct gitconfig_entry){ .section_line = section_line };
	e->section = xstrndup(header->buf,
			      dot ? (size_t)(dot - header->buf) : header->len);
	if (dot)
		e->sub = xstrdup(dot + 1);
}

/* A whole "name = value"; c is the first letter of the name. */
static int scan_entry(struct scan *s, int c, struct gitconfig_entry *e,
		      struct err *err)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	int ret;

	e->line = s->line;
	do {
		add_lower(&text, c);
		c = next(s);
	} while (is_key(c));
	e->name = strbuf_detach(&text);

	while (c == ' ' || c == '\t')
		c = next(s);
	if (c == '\n')
		return 0;
	if (c != '=')
		return bad(s, err, "expected '=' behind the name of a key");
	ret = scan_value(s, &text, err);
	if (ret < 0)
		return ret;
	e->value = strbuf_detach(&text);
	return 0;
}

static int scan_file(struct scan *s, struct gitconfig *gc, struct err *err)
{
	AUTO_STRBUF struct strbuf header = STRBUF_INIT;
	unsigned int section_line = 0;
	bool comment = false;
	int ret;

	for (;;) {
		int c = next(s);

		if (s->eof)
			return 0;
		if (c == '\n')
			comment = false;
		if (comment || is_space(c))
			continue;
		if (c == '#' || c == ';') {
			comment = true;
		} else if (c == '[') {
			strbuf_reset(&header);
			section_line = s->line;
			ret = scan_header(s, &header, err);
			if (ret < 0)
				return ret;
		} else if (!is_alpha(c)) {
			return bad(s, err, "expected a section or a key");
		} else if (!section_line) {
			return bad(s, err, "a key stands before any section");
		} else {
			add_entry(gc, &header, section_line);
			ret = scan_entry(s, c, &gc->entries[gc->nr - 1], err);
			if (ret < 0)
				return ret;
		}
	}
}

static int find_nul(struct scan *s, struct err *err)
{
	const char *nul = memchr(s->p, '\0', (size_t)(s->end - s->p));

	if (!nul)
		return 0;
	for (const char *p = s->p; p < nul; p++)
		s->line += *p == '\n';
	return bad(s, err, "there is a NUL byte");
}

int gitconfig_parse(const char *data, size_t len, const char *label,
		    struct gitconfig *out, struct err *err)
{
	AUTO_GITCONFIG struct gitconfig gc = GITCONFIG_INIT;
	struct scan s = { .label = label, .line = 1 };
	int ret;

	if (len > GITCONFIG_MAX)
		return err_set(err, ERR_FAILED, "%s: is larger than %u bytes",
			       label, GITCONFIG_MAX);
	if (len >= 3 && !memcmp(data, "\xef\xbb\xbf", 3)) {
		data += 3;
		len -= 3;
	}
	if (!len)
		data = "";
	s.p = data;
	s.end = data + len;
	ret = find_nul(&s, err);
	if (ret < 0)
		return ret;
	ret = scan_file(&s, &gc, err);
	if (ret < 0)
		return ret;
	gitconfig_release(out);
	*out = gc;
	gc = (struct gitconfig)GITCONFIG_INIT;
	return 0;
}

void gitconfig_release(struct gitconfig *gc)
{
	for (size_t i = 0; i < gc->nr; i++) {
		free(gc->entries[i].section);
		free(gc->entries[i].sub);
		free(gc->entries[i].name);
		free(gc->entries[i].value);
	}
	free(gc->entries);
	*gc = (struct gitconfig)GITCONFIG_INIT;
}

int gitconfig_bool(const char *value, bool *out)
{
	static const char *const yes[] = { "true", "yes", "on", "1" };
	static const char *const no[] = { "", "false", "no", "off", "0" };

	for (size_t i = 0; i < ARRAY_SIZE(yes); i++) {
		if (!value || !strcasecmp(value, yes[i])) {
			*out = true;
			return 0;
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(no); i++) {
		if (!strcasecmp(value, no[i])) {
			*out = false;
			return 0;
		}
	}
	return -1;
}
