#include "common/base/base.h"
#include "common/ui/screen.h"

/* The length of the UTF-8 character at s, 0 when there is none. RFC 3629. */
static size_t decode(const unsigned char *s, size_t len, uint32_t *cp)
{
	static const struct {
		unsigned char mask, lead;
		uint32_t min;
	} forms[] = { { 0x80, 0x00, 0 },
		      { 0xe0, 0xc0, 0x80 },
		      { 0xf0, 0xe0, 0x800 },
		      { 0xf8, 0xf0, 0x10000 } };

	for (size_t extra = 0; extra < ARRAY_SIZE(forms) && extra < len; extra++) {
		uint32_t c;

		if ((s[0] & forms[extra].mask) != forms[extra].lead)
			continue;
		c = s[0] & (unsigned char)~forms[extra].mask;
		for (size_t i = 1; i <= extra; i++) {
			if ((s[i] & 0xc0) != 0x80)
				return 0;
			c = c << 6 | (s[i] & 0x3f);
		}
		if (c < forms[extra].min || c > 0x10ffff ||
		    (c >= 0xd800 && c <= 0xdfff))
			return 0;
		*cp = c;
		return extra + 1;
	}
	return 0;
}

struct range {
	uint32_t first, last;
};

static bool in_ranges(uint32_t cp, const struct range *r, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (cp >= r[i].first && cp <= r[i].last)
			return true;
	return false;
}

static bool is_shown(uint32_t cp)
{
	static const struct range hidden[] = {
		{ 0x00, 0x1f },	     { 0x7f, 0x9f },	 { 0x200e, 0x200f },
		{ 0x2028, 0x202e },  { 0x2066, 0x2069 }, { 0xfeff, 0xfeff },
		{ 0xe0000, 0xe007f }
	};

	return !in_ranges(cp, hidden, ARRAY_SIZE(hidden));
}

static size_t cp_width(uint32_t cp)
{
	static const struct range zero[] = { { 0x0300, 0x036f },
					     { 0x200b, 0x200d },
					     { 0x20d0, 0x20ff },
					     { 0xfe00, 0xfe0f },
					     { 0xfe20, 0xfe2f } };
	static const struct range wide[] = {
		{ 0x1100, 0x115f },   { 0x2e80, 0x303e },  { 0x3041, 0xa4cf },
		{ 0xac00, 0xd7a3 },   { 0xf900, 0xfaff },  { 0xfe30, 0xfe6f },
		{ 0xff00, 0xff60 },   { 0xffe0, 0xffe6 },  { 0x1f300, 0x1f64f },
		{ 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd }
	};

	if (in_ranges(cp, zero, ARRAY_SIZE(zero)))
		return 0;
	return in_ranges(cp, wide, ARRAY_SIZE(wide)) ? 2 : 1;
}

static void add(struct strbuf *out, const char *text, size_t len,
		const char *allowed)
{
	const unsigned char *s = (const unsigned char *)text;

	for (size_t i = 0; i < len;) {
		uint32_t cp;
		size_t n = decode(s + i, len - i, &cp);

		if (n && (is_shown(cp) || (s[i] && strchr(allowed, s[i])))) {
			strbuf_add(out, s + i, n);
			i += n;
			continue;
		}
		for (n = n ? n : 1; n; n--)
			strbuf_addf(out, "\\%03o", (unsigned int)s[i++]);
	}
}

void screen_add_safe(struct strbuf *out, const char *text, size_t len)
{
	add(out, text, len, "\n\t");
}

void screen_add_line(struct strbuf *out, const char *text, size_t len)
{
	add(out, text, len, "");
}

size_t screen_width(const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t width = 0;

	for (size_t i = 0; i < len;) {
		uint32_t cp;
		size_t n = decode(s + i, len - i, &cp);

		width += n ? cp_width(cp) : 1;
		i += n ? n : 1;
	}
	return width;
}

void screen_pad(struct strbuf *out, size_t width, size_t columns)
{
	for (; width < columns; width++)
		strbuf_addch(out, ' ');
}
