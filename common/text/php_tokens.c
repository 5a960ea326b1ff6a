#include "common/base/base.h"
#include "common/text/php_scanner.h"

#include "common/base/mem.h"

#include <strings.h>

void php_tokens_release(struct php_tokens *t)
{
	free(t->v);
	strbuf_release(&t->text);
	*t = (struct php_tokens)PHP_TOKENS_INIT;
}

bool php_token_is(const struct php_token *t, const char *mark)
{
	return t->kind == PHP_MARK && t->len == strlen(mark) &&
	       !memcmp(t->at, mark, t->len);
}

bool php_token_named(const struct php_token *t, const char *name)
{
	return t->kind == PHP_NAME && t->len == strlen(name) &&
	       !strncasecmp(t->at, name, t->len);
}

struct php_frame *php_scanner_top(struct php_scanner *s)
{
	return &s->frames[s->nr - 1];
}

void php_scanner_broken(struct php_scanner *s, unsigned int line, const char *why)
{
	if (!s->out->why) {
		s->out->why = why;
		s->out->why_line = line;
	}
	s->done = true;
}

size_t php_scanner_left(const struct php_scanner *s)
{
	return (size_t)(s->end - s->p);
}

static bool looks_at(const struct php_scanner *s, const char *text)
{
	size_t len = strlen(text);

	return php_scanner_left(s) >= len && !memcmp(s->p, text, len);
}

void php_scanner_forward(struct php_scanner *s, size_t len)
{
	for (; len; len--, s->p++)
		if (*s->p == '\n' ||
		    (*s->p == '\r' && (s->p + 1 == s->end || s->p[1] != '\n')))
			s->line++;
}

bool php_is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (unsigned char)c >= 0x80;
}

bool php_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

struct php_token *php_scanner_add(struct php_scanner *s,
				  enum php_token_kind kind, size_t len)
{
	struct php_tokens *out = s->out;
	struct php_token *t;

	ALLOC_GROW(out->v, out->nr + 1, out->alloc);
	t = &out->v[out->nr++];
	*t = (struct php_token){ .kind = kind,
				 .line = s->line,
				 .at = s->p,
				 .len = len,
				 .text = out->text.len };
	php_scanner_forward(s, len);
	return t;
}

void php_scanner_push(struct php_scanner *s, struct php_frame frame)
{
	if (s->nr == ARRAY_SIZE(s->frames)) {
		php_scanner_broken(s, s->line, "strings are nested too deeply");
		return;
	}
	s->frames[s->nr++] = frame;
}

/* Code. */

static void skip_line_comment(struct php_scanner *s)
{
	while (s->p < s->end && *s->p != '\n' && *s->p != '\r' &&
	       !looks_at(s, "?>"))
		s->p++;
}

static void skip_comment(struct php_scanner *s)
{
	const char *end = memmem(s->p + 2, php_scanner_left(s) - 2, "*/", 2);

	if (!end)
		php_scanner_broken(s, s->line,
				   "a comment that begins here has no end");
	else
		php_scanner_forward(s, (size_t)(end + 2 - s->p));
}

static void add_name(struct php_scanner *s)
{
	const char *p = s->p;

	while (p < s->end &&
	       (php_is_name_start(*p) || php_is_digit(*p) || *p == '\\'))
		p++;
	if (php_token_named(php_scanner_add(s, PHP_NAME, (size_t)(p - s->p)),
			    "__halt_compiler"))
		s->done = true;
}

static void add_number(struct php_scanner *s)
{
	const char *p = s->p;

	while (p < s->end && (php_is_digit(*p) || php_is_name_start(*p) ||
			      (*p == '.' && p + 1 < s->end && php_is_digit(p[1]))))
		p++;
	php_scanner_add(s, PHP_NUMBER, (size_t)(p - s->p));
}

static void add_mark(struct php_scanner *s)
{
	static const char *const marks[] = {
		"?->", "===", "!==", "<=>", "...", "->", "=>", "::",
		"==",  "!=",  ">=",  "<=",  ".=",  "&&", "||", "??",
	};
	struct php_frame *f = php_scanner_top(s);
	size_t len = 1;

	if ((unsigned char)*s->p < 0x20 || *s->p == 0x7f) {
		php_scanner_broken(s, s->line,
				   "there is a control character in the code");
		return;
	}
	for (size_t i = 0; len == 1 && i < ARRAY_SIZE(marks); i++)
		if (looks_at(s, marks[i]))
			len = strlen(marks[i]);
	if (*s->p == '{')
		f->braces++;
	if (*s->p == '}' && !f->braces && s->nr > 1) {
		php_scanner_forward(s, 1);
		s->nr--;
		return;
	}
	if (*s->p == '}' && f->braces)
		f->braces--;
	php_scanner_add(s, PHP_MARK, len);
}

static void add_variable(struct php_scanner *s)
{
	const char *p = s->p + 1;

	while (p < s->end && (php_is_name_start(*p) || php_is_digit(*p)))
		p++;
	php_scanner_add(s, PHP_VARIABLE, (size_t)(p - s->p));
}

static void next_code(struct php_scanner *s)
{
	char c = *s->p, next = php_scanner_left(s) > 1 ? s->p[1] : '\0';

	if (strchr(" \t\n\r\v\f", c) && c)
		php_scanner_forward(s, 1);
	else if ((c == '#' && next != '[') || (c == '/' && next == '/'))
		skip_line_comment(s);
	else if (c == '/' && next == '*')
		skip_comment(s);
	else if (c == '?' && next == '>') {
		if (s->nr > 1)
			php_scanner_broken(
				s, s->line,
				"a string ends in the middle of code");
		else
			php_scanner_add(s, PHP_TAG, 2);
		s->html = true;
	} else if (php_scan_string(s))
		return;
	else if (c == '$' && php_is_name_start(next))
		add_variable(s);
	else if (php_is_digit(c) || (c == '.' && php_is_digit(next)))
		add_number(s);
	else if (php_is_name_start(c) || (c == '\\' && php_is_name_start(next)))
		add_name(s);
	else
		add_mark(s);
}

/* Up to the next "<?php" or "<?=". */
static void next_html(struct php_scanner *s)
{
	const char *p = memmem(s->p, php_scanner_left(s), "<?", 2);

	php_scanner_forward(s, (size_t)((p ? p : s->end) - s->p));
	if (!p)
		return;
	if (php_scanner_left(s) >= 3 && s->p[2] == '=') {
		php_scanner_add(s, PHP_TAG, 2);
		php_scanner_add(s, PHP_MARK, 1);
	} else if (php_scanner_left(s) >= 5 && !strncasecmp(s->p + 2, "php", 3) &&
		   (php_scanner_left(s) == 5 || strchr(" \t\r\n", s->p[5]))) {
		php_scanner_add(s, PHP_TAG, 5);
	} else {
		php_scanner_broken(s, s->line,
				   "'<?' is code or not, as PHP is configured: "
				   "write '<?php'");
		return;
	}
	s->html = false;
}

void php_tokens_read(const char *data, size_t len, struct php_tokens *out)
{
	struct php_scanner s = {
		.out = out,
		.p = data,
		.end = data + len,
		.line = 1,
		.nr = 1,
		.html = true,
	};

	if (len > PHP_FILE_MAX) {
		php_scanner_broken(&s, 1, "the file is too large");
	} else if (!memmem(data, len, "<?", 2)) {
		php_scanner_broken(&s, 1, "there is no PHP code in this file");
	}
	while (!s.done && s.p < s.end) {
		if (s.html)
			next_html(&s);
		else if (php_scanner_top(&s)->string)
			php_scan_piece(&s);
		else
			next_code(&s);
	}
	if (!s.done && s.nr > 1)
		php_scanner_broken(&s, s.frames[1].line,
				   "a string that begins here has no end");
	php_scanner_add(&s, PHP_END, 0);
}
