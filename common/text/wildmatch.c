#include "common/base/base.h"
#include "common/text/wildmatch.h"

#include <ctype.h>

/* What is being compared; the ends stay where they are. */
struct match {
	const unsigned char *start, *end; /* of the pattern */
	const unsigned char *text_end;
	/* After a mismatch: go on here, with this "*" one byte longer. */
	const unsigned char *star, *star_text;
	/* If that cannot be: here, with this "**" one directory longer. */
	const unsigned char *deep, *deep_text;
};

static unsigned char peek(const struct match *m, const unsigned char *p)
{
	return p < m->end ? *p : 0;
}

/* Sets. */

static int is_space(int c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int is_graph(int c)
{
	return c > 0x20 && c < 0x7f;
}

/* As git has them: ASCII only, and no vertical tab is a space. */
static const struct {
	const char *name;
	int (*has)(int c);
} classes[] = {
	{ "alnum", isalnum },  { "alpha", isalpha }, { "blank", isblank },
	{ "cntrl", iscntrl },  { "digit", isdigit }, { "graph", is_graph },
	{ "lower", islower },  { "print", isprint }, { "punct", ispunct },
	{ "space", is_space }, { "upper", isupper }, { "xdigit", isxdigit },
};

/* False when there is no class of that name. */
static bool class_has(const unsigned char *name, size_t len, unsigned char c,
		      bool *found)
{
	for (size_t i = 0; i < ARRAY_SIZE(classes); i++) {
		if (strlen(classes[i].name) != len ||
		    memcmp(classes[i].name, name, len) != 0)
			continue;
		*found |= c < 0x80 && classes[i].has(c);
		return true;
	}
	return false;
}

/*
 * "[:name:]" in a set, *at at its "[". Leaves *at at its last byte, or where
 * it is when it is no class but a "[" like any other.
 */
static bool take_class(const struct match *m, const unsigned char **at,
		       unsigned char c, bool *found)
{
	const unsigned char *name = *at + 2, *p = name;

	while (peek(m, p) && *p != ']')
		p++;
	if (!peek(m, p))
		return false;
	if (p == name || p[-1] != ':') {
		*found |= c == '[';
		return true;
	}
	*at = p;
	return class_has(name, (size_t)(p - 1 - name), c, found);
}

/*
 * One set, *at at its "[", moved behind its "]"; false when it is broken.
 * *found tells whether c is one of it.
 */
static bool take_set(const struct match *m, const unsigned char **at,
		     unsigned char c, bool *found)
{
	const unsigned char *p = *at + 1;
	unsigned char ch = peek(m, p), before = 0;
	bool negated = ch == '!' || ch == '^';

	*found = false;
	if (negated)
		ch = peek(m, ++p);
	/* A "]" that comes first is one of the set. */
	do {
		if (!ch)
			return false;
		if (ch == '[' && peek(m, p + 1) == ':') {
			if (!take_class(m, &p, c, found))
				return false;
			before = 0;
		} else if (ch == '-' && before && peek(m, p + 1) &&
			   peek(m, p + 1) != ']') {
			ch = peek(m, ++p);
			if (ch == '\\' && !(ch = peek(m, ++p)))
				return false;
			*found |= before <= c && c <= ch;
			before = 0;
		} else {
			if (ch == '\\' && !(ch = peek(m, ++p)))
				return false;
			*found |= c == ch;
			before = ch;
		}
		ch = peek(m, ++p);
	} while (ch != ']');
	*at = p + 1;
	*found = *found != negated;
	return true;
}

/* Whatever takes exactly one byte; *at is moved behind it. */
static bool take_one(const struct match *m, const unsigned char **at,
		     unsigned char c)
{
	bool found;

	switch (**at) {
	case '?': ++*at; return c != '/';
	case '[': return take_set(m, at, c, &found) && found && c != '/';
	case '\\':
		++*at;
		if (*at == m->end)
			return false;
		break;
	default: break;
	}
	return *(*at)++ == c;
}

/* Stars. */

/* p is behind "**", which begins at "from": does it stand between slashes? */
static bool is_deep(const struct match *m, const unsigned char *from,
		    const unsigned char *p)
{
	return p - from > 1 && (from == m->start || from[-1] == '/') &&
	       (p == m->end || *p == '/' ||
		(*p == '\\' && peek(m, p + 1) == '/'));
}

/*
 * The "**" of m->deep takes one directory more; false at the last one. Then
 * there is no star, or one that cannot grow: see try_again().
 */
static bool go_deeper(struct match *m, const unsigned char **p,
		      const unsigned char **text)
{
	const unsigned char *slash =
		m->deep ? memchr(m->deep_text, '/',
				 (size_t)(m->text_end - m->deep_text))
			: NULL;

	if (!slash)
		return false;
	m->deep_text = slash + 1;
	*p = m->deep;
	*text = slash + 1;
	return true;
}

/* *p at a star, moved behind what it is; false when nothing can match. */
static bool take_stars(struct match *m, const unsigned char **p,
		       const unsigned char **text)
{
	const unsigned char *from = *p;

	while (*p < m->end && **p == '*')
		++*p;
	if (!is_deep(m, from, *p)) {
		m->star = *p;
		m->star_text = *text;
		return true;
	}
	if (*p == m->end) {
		*text = m->text_end;
		return true;
	}
	m->deep = *p + (**p == '/' ? 1 : 2);
	m->deep_text = *text;
	/* It may stand for no directory at all. */
	if (**p != '/')
		return go_deeper(m, p, text);
	*p = m->deep;
	return true;
}

/* False when there is nothing left to try. */
static bool try_again(struct match *m, const unsigned char **p,
		      const unsigned char **text)
{
	if (!m->star || m->star_text == m->text_end || *m->star_text == '/')
		return go_deeper(m, p, text);
	*p = m->star;
	*text = ++m->star_text;
	return true;
}

bool wildmatch(const struct wild_text *pattern, const struct wild_text *path)
{
	const unsigned char *p = (const unsigned char *)pattern->s;
	const unsigned char *text = (const unsigned char *)path->s;
	struct match m = { .start = p,
			   .end = p + pattern->len,
			   .text_end = text + path->len };

	for (;;) {
		if (p < m.end && *p == '*') {
			if (!take_stars(&m, &p, &text))
				return false;
			continue;
		}
		if (text == m.text_end) {
			/* What begins later has even less to match. */
			return p == m.end;
		}
		if (p < m.end && take_one(&m, &p, *text)) {
			/* No star reaches beyond a slash. */
			if (*text++ == '/')
				m.star = NULL;
			continue;
		}
		if (!try_again(&m, &p, &text))
			return false;
	}
}

size_t wildmatch_plain(const struct wild_text *pattern)
{
	size_t n = 0;

	while (n < pattern->len && !strchr("*?[\\", pattern->s[n]))
		n++;
	return n;
}
