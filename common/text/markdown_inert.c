#include "common/base/base.h"
#include "common/text/markdown_inert.h"

#include "common/text/quote.h"

static bool is_ascii_letter(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

/*
 * Blanks at an end or in a row are not shown, a backtick and a pipe would end
 * the code, and cmark-gfm ticks the box of an item with "[x]" anywhere in it.
 */
static bool is_lost(const char *s, size_t len, size_t i)
{
	if (s[i] == ' ')
		return !i || i + 1 == len || s[i - 1] == ' ' || s[i + 1] == ' ';
	if (s[i] == '[')
		return i + 2 < len && (s[i + 1] == 'x' || s[i + 1] == 'X') &&
		       s[i + 2] == ']';
	return s[i] == '`' || s[i] == '|';
}

/* As it is in code: one form, so that what is seen can be typed. */
static bool is_plain(const char *s, size_t len)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	for (size_t i = 0; i < len; i++)
		if (s[i] == '"' || is_lost(s, len, i))
			return false;
	quote_text(&shown, s, len);
	return len && shown.len == len && !memcmp(shown.buf, s, len);
}

void markdown_name(struct strbuf *out, const char *name, size_t len)
{
	AUTO_STRBUF struct strbuf quoted = STRBUF_INIT;
	size_t from = 0;

	if (is_plain(name, len)) {
		strbuf_addch(out, '`');
		strbuf_add(out, name, len);
		strbuf_addch(out, '`');
		return;
	}
	strbuf_addstr(out, "`\"");
	for (size_t i = 0; i <= len; i++) {
		if (i < len && !is_lost(name, len, i))
			continue;
		strbuf_reset(&quoted);
		quote_path_always(&quoted, name + from, i - from);
		strbuf_add(out, quoted.buf + 1, quoted.len - 2);
		if (i < len)
			strbuf_addf(out, "\\%03o", (unsigned char)name[i]);
		from = i + 1;
	}
	strbuf_addstr(out, "\"`");
}

/* Part of a word: what is above ASCII has been found to be printable. */
static bool is_letter(unsigned char c)
{
	return is_ascii_letter(c) || c > 0x7f;
}

/* An abbreviated id of a commit becomes a link. */
static bool is_id(const char *s, size_t len)
{
	bool digit = false;

	for (size_t i = 0; i < len; i++) {
		if (!strchr("0123456789abcdef", s[i]))
			return false;
		digit |= is_digit((unsigned char)s[i]);
	}
	return len >= 7 && digit;
}

/* "and", "well-known", "2026", "user's"; not "GH-1", "www.x", "a_b", ":x:". */
static bool is_word(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];
		bool inner = i && i + 1 < len &&
			     is_letter((unsigned char)s[i - 1]) &&
			     is_letter((unsigned char)s[i + 1]);

		if (!is_letter(c) && !is_digit(c) &&
		    !(inner && (c == '-' || c == '\'')))
			return false;
	}
	return len && !is_id(s, len);
}

/* A word with what may stand around it in a sentence. */
static bool is_harmless(const char *s, size_t len)
{
	if (len == 1 && *s == '-')
		return true;
	if (len && *s == '(') {
		s++;
		len--;
	}
	while (len && strchr(".,;:)", s[len - 1]))
		len--;
	return is_word(s, len);
}

static bool is_prose(const char *s, size_t len)
{
	if (!is_plain(s, len))
		return false;
	for (size_t i = 0; i < len;) {
		const char *blank = memchr(s + i, ' ', len - i);
		size_t end = blank ? (size_t)(blank - s) : len;

		if (!is_harmless(s + i, end - i))
			return false;
		i = end + 1;
	}
	return true;
}

/* Not in the middle of a character. */
static size_t cut(const char *text, size_t len)
{
	if (len <= MARKDOWN_WORDS_MAX)
		return len;
	len = MARKDOWN_WORDS_MAX;
	while (len && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	while (len && text[len - 1] == ' ')
		len--;
	return len;
}

void markdown_words(struct strbuf *out, const char *text, size_t len)
{
	size_t shown = cut(text, len);

	if (is_prose(text, shown))
		strbuf_add(out, text, shown);
	else
		markdown_name(out, text, shown);
	if (shown < len)
		strbuf_addstr(out, "...");
}
