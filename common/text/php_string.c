#include "common/base/base.h"
#include "common/text/php_string.h"

#define CODE_POINT_MAX 0x10ffff

void php_single_quoted(const char *raw, size_t len, struct strbuf *out)
{
	for (size_t i = 0; i < len; i++) {
		if (raw[i] == '\\' && i + 1 < len &&
		    (raw[i + 1] == '\\' || raw[i + 1] == '\''))
			i++;
		strbuf_addch(out, raw[i]);
	}
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void add_utf8(struct strbuf *out, unsigned int c)
{
	if (c < 0x80) {
		strbuf_addch(out, (int)c);
		return;
	}
	if (c < 0x800) {
		strbuf_addch(out, (int)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			strbuf_addch(out, (int)(0xe0 | c >> 12));
		} else {
			strbuf_addch(out, (int)(0xf0 | c >> 18));
			strbuf_addch(out, (int)(0x80 | (c >> 12 & 0x3f)));
		}
		strbuf_addch(out, (int)(0x80 | (c >> 6 & 0x3f)));
	}
	strbuf_addch(out, (int)(0x80 | (c & 0x3f)));
}

/* "\u{1F600}"; *i is at the "u", and then at the "}". */
static const char *add_code_point(const char *raw, size_t len, size_t *i,
				  struct strbuf *out)
{
	unsigned int c = 0;
	size_t p = *i + 2;

	for (; p < len && hex(raw[p]) >= 0; p++) {
		c = c * 16 + (unsigned int)hex(raw[p]);
		if (c > CODE_POINT_MAX)
			return "a string has a \\u{} that is no character";
	}
	if (p == *i + 2 || p >= len || raw[p] != '}')
		return "a string has a \\u{} that is not hexadecimal";
	add_utf8(out, c);
	*i = p;
	return NULL;
}

/* Octal with up to three digits, cut to a byte as PHP does. */
static void add_octal(const char *raw, size_t len, size_t *i, struct strbuf *out)
{
	unsigned int c = 0;
	size_t p = *i;

	for (; p < len && p < *i + 3 && raw[p] >= '0' && raw[p] <= '7'; p++)
		c = c * 8 + (unsigned int)(raw[p] - '0');
	strbuf_addch(out, (int)(c & 0xff));
	*i = p - 1;
}

static void add_hex(const char *raw, size_t len, size_t *i, struct strbuf *out)
{
	int c = hex(raw[*i + 1]);

	*i += 1;
	if (*i + 1 < len && hex(raw[*i + 1]) >= 0) {
		c = c * 16 + hex(raw[*i + 1]);
		*i += 1;
	}
	strbuf_addch(out, c);
}

const char *php_double_quoted(const char *raw, size_t len, char quote,
			      struct strbuf *out)
{
	static const char letters[] = "ntrvef", bytes[] = "\n\t\r\v\033\f";
	const char *why = NULL, *letter;

	for (size_t i = 0; !why && i < len; i++) {
		char c = raw[i];

		if (c != '\\' || i + 1 == len) {
			strbuf_addch(out, c);
			continue;
		}
		c = raw[++i];
		letter = c ? strchr(letters, c) : NULL;
		if (letter) {
			strbuf_addch(out, bytes[letter - letters]);
		} else if (c == '\\' || c == '$' || (quote && c == quote)) {
			strbuf_addch(out, c);
		} else if (c >= '0' && c <= '7') {
			add_octal(raw, len, &i, out);
		} else if ((c == 'x' || c == 'X') && i + 1 < len &&
			   hex(raw[i + 1]) >= 0) {
			add_hex(raw, len, &i, out);
		} else if (c == 'u' && i + 1 < len && raw[i + 1] == '{') {
			why = add_code_point(raw, len, &i, out);
		} else {
			strbuf_addch(out, '\\');
			strbuf_addch(out, c);
		}
	}
	return why;
}

const char *php_unindented(const char *raw, size_t len, size_t indent,
			   struct strbuf *out)
{
	size_t at = 0;

	while (at < len) {
		size_t blanks = 0, end = at;

		while (end < len && raw[end] != '\n' && raw[end] != '\r')
			end++;
		while (at < end && blanks < indent &&
		       (raw[at] == ' ' || raw[at] == '\t')) {
			blanks++;
			at++;
		}
		if (blanks < indent && at < end)
			return "a heredoc has a line that is indented less "
			       "than its end";
		if (end + 1 < len && raw[end] == '\r' && raw[end + 1] == '\n')
			end++;
		end += end < len;
		strbuf_add(out, raw + at, end - at);
		at = end;
	}
	return NULL;
}
