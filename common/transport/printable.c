#include "common/base/base.h"
#include "common/transport/printable.h"

static void add_byte(struct strbuf *out, unsigned char c)
{
	static const char letters[] = "abtnvfr"; /* 7 to 13, as in C */

	if (c >= 7 && c <= 13)
		strbuf_addf(out, "\\%c", letters[c - 7]);
	else if (c < ' ' || c >= 0x7f)
		strbuf_addf(out, "\\%03o", c);
	else
		strbuf_addch(out, c);
}

void printable_add(struct strbuf *out, const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		add_byte(out, (unsigned char)s[i]);
}

void printable_quote(struct strbuf *out, const char *s, size_t len)
{
	size_t i;

	strbuf_addch(out, '"');
	for (i = 0; i < len; i++) {
		if (s[i] == '"' || s[i] == '\\')
			strbuf_addch(out, '\\');
		add_byte(out, (unsigned char)s[i]);
	}
	strbuf_addch(out, '"');
}
