#include "common/base/base.h"
#include "common/text/quote.h"

#include "common/base/num.h"

/* The letter of a byte's C escape, or 0. */
static char escape_letter(unsigned char c)
{
	switch (c) {
	case '\a': return 'a';
	case '\b': return 'b';
	case '\t': return 't';
	case '\n': return 'n';
	case '\v': return 'v';
	case '\f': return 'f';
	case '\r': return 'r';
	case '"': return '"';
	case '\\': return '\\';
	default: return 0;
	}
}

static void add_escaped(struct strbuf *out, unsigned char c)
{
	char letter = escape_letter(c);

	if (letter)
		strbuf_addf(out, "\\%c", letter);
	else
		strbuf_addf(out, "\\%03o", c);
}

static bool harmful(unsigned char c, bool high)
{
	return c < 0x20 || c == 0x7f || c == '"' || c == '\\' ||
	       (high && c > 0x7f);
}

static void add_quoted(struct strbuf *out, const char *path, size_t len,
		       bool quote_high_bytes)
{
	strbuf_addch(out, '"');
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)path[i];

		if (harmful(c, quote_high_bytes))
			add_escaped(out, c);
		else
			strbuf_addch(out, c);
	}
	strbuf_addch(out, '"');
}

void quote_path(struct strbuf *out, const char *path, size_t len,
		bool quote_high_bytes)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (harmful((unsigned char)path[i], quote_high_bytes))
			break;
	}
	if (i == len) {
		strbuf_add(out, path, len);
		return;
	}

	add_quoted(out, path, len, quote_high_bytes);
}

void quote_path_always(struct strbuf *out, const char *path, size_t len)
{
	add_quoted(out, path, len, true);
}

/* The byte that an escape behind a backslash stands for; 0 when none does. */
static size_t read_escape(const char *s, size_t len, unsigned char *c)
{
	static const char letters[] = "abtnvfr\"\\";
	static const char bytes[] = "\a\b\t\n\v\f\r\"\\";
	const char *hit = len && *s ? strchr(letters, *s) : NULL;
	uint32_t octal;

	if (hit) {
		*c = (unsigned char)bytes[hit - letters];
		return 1;
	}
	if (len < 3 || num_parse_octal(s, 3, &octal) < 0 || octal > 0xff)
		return 0;
	*c = (unsigned char)octal;
	return 3;
}

int quote_path_undo(const char *text, size_t len, struct strbuf *out)
{
	size_t was = out->len;

	if (len < 2 || text[0] != '"' || text[len - 1] != '"')
		return -1;
	for (size_t i = 1; i < len - 1; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '\\') {
			size_t n = read_escape(text + i + 1, len - i - 2, &c);

			if (!n)
				c = 0;
			i += n;
		} else if (c == '"') {
			c = 0;
		}
		if (!c) {
			strbuf_setlen(out, was);
			return -1;
		}
		strbuf_addch(out, c);
	}
	return 0;
}

/*
 * Length of the well-formed UTF-8 sequence at s (Unicode, table 3-7), its
 * code point in *cp; 0 when there is none.
 */
static size_t utf8_sequence(const unsigned char *s, size_t len, uint32_t *cp)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t want, i;

	if (s[0] < 0x80) {
		*cp = s[0];
		return 1;
	}
	want = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	if (s[0] < 0xc2 || s[0] > 0xf4 || want > len)
		return 0;
	*cp = s[0] & (0x7fu >> want);
	for (i = 1; i < want; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*cp = *cp << 6 | (s[i] & 0x3f);
	}
	if (*cp < least[want] || *cp > 0x10ffff ||
	    (*cp >= 0xd800 && *cp <= 0xdfff))
		return 0;
	return want;
}

/* Controls, and characters that reorder, hide or break what is around them. */
static bool unprintable(uint32_t cp)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0x0000, 0x001f }, { 0x007f, 0x009f }, { 0x00ad, 0x00ad },
		{ 0x061c, 0x061c }, { 0x200b, 0x200b }, { 0x200e, 0x200f },
		{ 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0xfeff, 0xfeff },
		{ 0xfff9, 0xfffb }, { 0xfffe, 0xffff }, { 0xe0000, 0xe007f },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ranges); i++) {
		if (cp >= ranges[i].first && cp <= ranges[i].last)
			return true;
	}
	return false;
}

void quote_text(struct strbuf *out, const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t i, n;

	while (len) {
		uint32_t cp;

		n = utf8_sequence(s, len, &cp);
		if (n && !unprintable(cp) && cp != '\\') {
			strbuf_add(out, s, n);
		} else {
			n = n ? n : 1;
			for (i = 0; i < n; i++)
				add_escaped(out, s[i]);
		}
		s += n;
		len -= n;
	}
}
