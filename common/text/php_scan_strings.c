#include "common/base/base.h"
#include "common/text/php_scanner.h"
#include "common/text/php_string.h"

enum piece_end { PIECE_CLOSED, PIECE_CODE, PIECE_END };

/* Is p, the start of a line, where a heredoc ends? *len: up to its label. */
static bool closes(const struct php_scanner *s, const struct php_frame *f,
		   const char *p, size_t *indent)
{
	const char *q = p;

	while (q < s->end && (*q == ' ' || *q == '\t'))
		q++;
	*indent = (size_t)(q - p);
	if (!f->label || (size_t)(s->end - q) < f->label_len ||
	    memcmp(q, f->label, f->label_len))
		return false;
	q += f->label_len;
	return q == s->end || (!php_is_name_start(*q) && !php_is_digit(*q));
}

/*
 * How far the text of a string goes from p on: to its closing quote or the
 * line of its closing label, or to the next piece of code. simple tells
 * whether a variable stood there that is no code, "$name".
 */
static enum piece_end find_piece(const struct php_scanner *s,
				 const struct php_frame *f, const char **p,
				 bool *simple)
{
	bool line_start = !f->quote && ((*p)[-1] == '\n' || (*p)[-1] == '\r');
	size_t indent;

	for (; *p < s->end; (*p)++) {
		char c = **p, next = *p + 1 < s->end ? (*p)[1] : '\0';

		if (line_start && closes(s, f, *p, &indent))
			return PIECE_CLOSED;
		line_start = !f->quote &&
			     (c == '\n' || (c == '\r' && next != '\n'));
		if (f->quote && c == f->quote)
			return PIECE_CLOSED;
		if (c == '\\' && next && next != '\n' && next != '\r')
			(*p)++;
		else if ((c == '$' && next == '{') || (c == '{' && next == '$'))
			return PIECE_CODE;
		else if (c == '$' && php_is_name_start(next))
			*simple = true;
	}
	return PIECE_END;
}

static const char *decode(struct php_scanner *s, const struct php_frame *f,
			  const char *raw, size_t len)
{
	return php_double_quoted(raw, len, f->quote, &s->out->text);
}

static void set_text(struct php_scanner *s, const char *why, struct php_token *t)
{
	t->text_len = s->out->text.len - t->text;
	if (why)
		php_scanner_broken(s, t->line, why);
}

static void add_single(struct php_scanner *s, size_t prefix)
{
	const char *from = s->p + prefix + 1, *p = from;
	struct php_token *t;

	while (p < s->end && *p != '\'')
		p += *p == '\\' && p + 1 < s->end ? 2 : 1;
	if (p >= s->end) {
		php_scanner_broken(s, s->line,
				   "a string that begins here has no end");
		return;
	}
	t = php_scanner_add(s, PHP_TEXT, (size_t)(p + 1 - s->p));
	php_single_quoted(from, (size_t)(p - from), &s->out->text);
	set_text(s, NULL, t);
}

/* A string in double quotes or backticks, at its prefix. */
static void begin_quoted(struct php_scanner *s, size_t prefix)
{
	struct php_frame f = { .string = true,
			       .quote = s->p[prefix],
			       .line = s->line };
	const char *from = s->p + prefix + 1, *p = from;
	bool simple = f.quote == '`';
	struct php_token *t;

	if (find_piece(s, &f, &p, &simple) == PIECE_CLOSED && !simple) {
		t = php_scanner_add(s, PHP_TEXT, (size_t)(p + 1 - s->p));
		set_text(s, decode(s, &f, from, (size_t)(p - from)), t);
		return;
	}
	php_scanner_forward(s, prefix + 1);
	php_scanner_push(s, f);
}

/* One more piece of a string with variables. */
void php_scan_piece(struct php_scanner *s)
{
	struct php_frame *f = php_scanner_top(s);
	const char *p = s->p;
	bool simple;
	enum piece_end end = find_piece(s, f, &p, &simple);
	struct php_token *t;
	size_t indent = 0, raw = (size_t)(p - s->p);

	if (end == PIECE_END) {
		php_scanner_broken(s, f->line,
				   "a string that begins here has no end");
		return;
	}
	t = php_scanner_add(s, PHP_TEMPLATE, raw);
	set_text(s, decode(s, f, t->at, raw), t);
	if (end == PIECE_CODE) {
		/* "{$name": the brace goes, "${": both. */
		php_scanner_forward(s, *s->p == '$' ? 2 : 1);
		php_scanner_push(s, (struct php_frame){ .line = s->line });
		return;
	}
	if (!f->quote)
		(void)closes(s, f, s->p, &indent);
	php_scanner_forward(s, f->quote ? 1 : indent + f->label_len);
	s->nr--;
}

/* The end of a heredoc's text is the line end in front of its label. */
static size_t without_line_end(const char *from, const char *to)
{
	if (to > from && to[-1] == '\n')
		to--;
	if (to > from && to[-1] == '\r')
		to--;
	return (size_t)(to - from);
}

static void add_heredoc(struct php_scanner *s, const struct php_frame *f,
			const char *body, const char *to)
{
	AUTO_STRBUF struct strbuf plain = STRBUF_INIT;
	size_t indent = 0, len = without_line_end(body, to);
	struct php_token *t;
	const char *why;

	(void)closes(s, f, to, &indent);
	t = php_scanner_add(s, PHP_TEXT,
			    (size_t)(to - s->p) + indent + f->label_len);
	why = php_unindented(body, len, indent, &plain);
	if (!why && f->quote == '\'')
		strbuf_add(&s->out->text, plain.buf, plain.len);
	else if (!why)
		why = php_double_quoted(plain.buf, plain.len, 0, &s->out->text);
	set_text(s, why, t);
}

/* Where a nowdoc ends: nothing in it is special. */
static bool find_nowdoc_end(const struct php_scanner *s,
			    const struct php_frame *f, const char **p)
{
	size_t indent;

	while (*p < s->end) {
		if (closes(s, f, *p, &indent))
			return true;
		while (*p < s->end && **p != '\n' && **p != '\r')
			(*p)++;
		if (*p + 1 < s->end && **p == '\r' && (*p)[1] == '\n')
			(*p)++;
		*p += *p < s->end;
	}
	return false;
}

/* Reads "<<<LABEL" and its line end; false when it is something else. */
static bool read_label(const struct php_scanner *s, size_t prefix,
		       struct php_frame *f, const char **body)
{
	const char *p = s->p + prefix + 3;

	while (p < s->end && (*p == ' ' || *p == '\t'))
		p++;
	if (p < s->end && (*p == '"' || *p == '\''))
		f->quote = *p++;
	f->label = p;
	while (p < s->end &&
	       (php_is_name_start(*p) || (p > f->label && php_is_digit(*p))))
		p++;
	f->label_len = (size_t)(p - f->label);
	if (!f->label_len || (f->quote && (p == s->end || *p++ != f->quote)) ||
	    p == s->end || (*p != '\n' && *p != '\r'))
		return false;
	p += p + 1 < s->end && p[0] == '\r' && p[1] == '\n' ? 2 : 1;
	*body = p;
	return true;
}

static bool begin_heredoc(struct php_scanner *s, size_t prefix)
{
	struct php_frame f = { .string = true, .line = s->line };
	const char *body, *p;
	bool simple = false, closed;

	if (php_scanner_left(s) < prefix + 3 ||
	    memcmp(s->p + prefix, "<<<", 3) || !read_label(s, prefix, &f, &body))
		return false;
	p = body;
	if (f.quote == '\'') {
		closed = find_nowdoc_end(s, &f, &p);
		if (!closed)
			php_scanner_broken(
				s, s->line,
				"a nowdoc that begins here has no end");
		else
			add_heredoc(s, &f, body, p);
		return true;
	}
	f.quote = 0;
	if (find_piece(s, &f, &p, &simple) == PIECE_CLOSED && !simple) {
		add_heredoc(s, &f, body, p);
		return true;
	}
	php_scanner_forward(s, (size_t)(body - s->p));
	php_scanner_push(s, f);
	return true;
}

/* b'text' is what 'text' is. */
bool php_scan_string(struct php_scanner *s)
{
	size_t prefix = *s->p == 'b' || *s->p == 'B';
	char c = php_scanner_left(s) > prefix ? s->p[prefix] : '\0';

	if (c == '\'')
		add_single(s, prefix);
	else if (c == '"' || (c == '`' && !prefix))
		begin_quoted(s, prefix);
	else
		return begin_heredoc(s, prefix);
	return true;
}
