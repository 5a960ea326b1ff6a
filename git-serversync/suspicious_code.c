#include "common/base/base.h"
#include "git-serversync/suspicious_signs.h"

#include "git-serversync/path_kinds.h"
#include "git-serversync/php_taint.h"

#include <strings.h>

/* Long code is read in pieces of this size. */
#define PIECE ((size_t)1 << 18)

struct code {
	struct sign_hunt *h;
	const struct php_tokens *t;
	struct php_taint *taint;
	const char *text; /* the copy that the tokens point into */
	const char *from; /* the same place in the file */
};

static bool found(struct code *c, size_t i, const char *what)
{
	return sign_found(c->h, c->from + (c->t->v[i].at - c->text), what);
}

static bool is_mark(const struct code *c, size_t i, const char *mark)
{
	return i < c->t->nr && php_token_is(&c->t->v[i], mark);
}

static bool is_any_call(const struct code *c, size_t i, const char *const *names)
{
	for (; *names; names++)
		if (php_is_call(c->t, i, *names))
			return true;
	return false;
}

static bool is_name_of(const struct code *c, size_t i, const char *const *names)
{
	for (; i < c->t->nr && *names; names++)
		if (php_text_is(c->t, i, *names))
			return true;
	return false;
}

static const char *const shells[] = { "system",	    "shell_exec", "passthru",
				      "proc_open",  "popen",	  "exec",
				      "pcntl_exec", NULL };
/* That run code, or whatever function they are given. */
static const char *const runners[] = { "eval", "assert", "create_function", NULL };
static const char *const callers[] = { "call_user_func",
				       "call_user_func_array",
				       "array_map",
				       "array_filter",
				       "usort",
				       "uasort",
				       "array_walk",
				       "register_shutdown_function",
				       NULL };

/* preg_replace('/x/e', ...) ran its replacement as code until PHP 7. */
static bool has_e_modifier(const struct code *c, size_t i)
{
	const struct php_token *k = &c->t->v[i];
	const char *s, *end, *p;

	if (k->kind != PHP_TEXT || k->text_len < 4)
		return false;
	s = c->t->text.buf + k->text;
	end = p = s + k->text_len;
	while (p > s && p[-1] >= 'a' && p[-1] <= 'z')
		p--;
	if (p - s < 2 || end - p > 6 || !strchr("/#~@!|%", *s) || p[-1] != *s)
		return false;
	return memchr(p, 'e', (size_t)(end - p)) != NULL;
}

/* assert(is_array($_POST)) is a test; assert($_POST['x']) runs a text. */
static bool is_test(const struct code *c, size_t i, size_t end)
{
	static const char *const marks[] = { "===", "!==", "==", "!=", "<", ">",
					     "<=",  ">=",  "!",	 "&&", "||" };
	size_t first = i + 2;

	if (!php_is_call(c->t, i, "assert"))
		return false;
	for (; i < end; i++)
		for (size_t n = 0; n < ARRAY_SIZE(marks); n++)
			if (is_mark(c, i, marks[n]) ||
			    php_token_named(&c->t->v[i], "instanceof"))
				return true;
	while (is_mark(c, first, "@") || is_mark(c, first, "("))
		first++;
	return first < c->t->nr && c->t->v[first].kind == PHP_NAME &&
	       !(php_taint_of(c->taint, first, first + 1) & TAINT_ENCODED) &&
	       !php_is_call(c->t, first, "stripslashes");
}

static bool check_runner(struct code *c, size_t i)
{
	size_t end = php_args_end(c->t, i + 1);
	unsigned int flags = php_taint_of(c->taint, i + 2, end);

	if (is_test(c, i, end))
		return false;
	if (flags & TAINT_REQUEST)
		return found(c, i, "code that runs what a request sends");
	if (flags & TAINT_ENCODED)
		return found(c, i, "code that runs an encoded text");
	return flags & TAINT_CALL && php_is_call(c->t, i, "eval") &&
	       found(c, i, "code that runs what a variable function makes");
}

static bool check_shell(struct code *c, size_t i)
{
	size_t end = php_args_end(c->t, i + 1);
	unsigned int flags = php_taint_of(c->taint, i + 2, end);

	if (flags & TAINT_REQUEST && !(flags & TAINT_SAFE))
		return found(c, i, "code that gives a request to a shell");
	return flags & TAINT_ENCODED && !(flags & TAINT_SAFE) &&
	       found(c, i, "code that gives an encoded text to a shell");
}

/* call_user_func($_GET['f'], ...), array_map('assert', $_POST) */
static bool check_caller(struct code *c, size_t i)
{
	size_t end = php_args_end(c->t, i + 1);
	unsigned int flags = php_taint_of(c->taint, i + 2, end);
	bool first = i + 2 < c->t->nr && php_is_request(&c->t->v[i + 2]);
	bool is_user_func = php_is_call(c->t, i, "call_user_func") ||
			    php_is_call(c->t, i, "call_user_func_array");

	if (!(flags & TAINT_REQUEST))
		return false;
	return ((is_user_func && first) || is_name_of(c, i + 2, shells) ||
		is_name_of(c, i + 2, runners)) &&
	       found(c, i, "code that runs what a request names");
}

/* Behind "$_GET": "['x'][0](", or NULL when nothing is called. */
static bool is_called(const struct code *c, size_t i)
{
	size_t stop = i + 32;

	for (i++; is_mark(c, i, "["); i++) {
		while (i < stop && i < c->t->nr && !is_mark(c, i, "]"))
			i++;
	}
	return is_mark(c, i, "(");
}

static bool check_variable(struct code *c, size_t i)
{
	if (php_is_request(&c->t->v[i]))
		return is_called(c, i) &&
		       found(c, i, "code that runs what a request names");
	return is_mark(c, i + 1, "(") &&
	       !(i && (is_mark(c, i - 1, "->") || is_mark(c, i - 1, "::") ||
		       php_token_named(&c->t->v[i - 1], "new"))) &&
	       php_taint_of(c->taint, i, i + 1) &
		       (TAINT_REQUEST | TAINT_ENCODED) &&
	       found(c, i,
		     "code that runs what a request or an encoded text "
		     "names");
}

static bool check_text(struct code *c, size_t i)
{
	const char *what = suspicious_php_text(c->t, i);

	return what && found(c, i, what);
}

/* include $_GET['page'], include 'data:...', include '/x/favicon.ico' */
static bool check_include(struct code *c, size_t i)
{
	const struct php_token *k;

	for (i++; is_mark(c, i, "("); i++)
		;
	if (i >= c->t->nr)
		return false;
	k = &c->t->v[i];
	if (php_is_request(k))
		return found(c, i, "code that loads what a request names");
	if (k->kind != PHP_TEXT)
		return false;
	if (sign_starts(c->t->text.buf + k->text, k->text_len, "data:") ||
	    sign_starts(c->t->text.buf + k->text, k->text_len, "php://input"))
		return found(c, i, "code that loads data as code");
	return (sign_ends(c->t->text.buf + k->text, k->text_len, ".ico") ||
		sign_ends(c->t->text.buf + k->text, k->text_len, ".png") ||
		sign_ends(c->t->text.buf + k->text, k->text_len, ".jpg") ||
		sign_ends(c->t->text.buf + k->text, k->text_len, ".gif")) &&
	       found(c, i, "code that loads a picture as code");
}

static bool check_name(struct code *c, size_t i)
{
	static const char *const loads[] = { "include", "include_once",
					     "require", "require_once" };

	if (is_any_call(c, i, runners))
		return check_runner(c, i);
	if (is_any_call(c, i, shells))
		return check_shell(c, i);
	if (is_any_call(c, i, callers))
		return check_caller(c, i);
	if (php_is_call(c->t, i, "preg_replace") && i + 2 < c->t->nr)
		return has_e_modifier(c, i + 2) &&
		       found(c, i, "code that runs a text (preg_replace /e)");
	for (size_t n = 0; n < ARRAY_SIZE(loads); n++)
		if (php_token_named(&c->t->v[i], loads[n]))
			return check_include(c, i);
	return false;
}

/* A piece of a string in backticks, which a shell runs. */
static bool check_template(struct code *c, size_t i)
{
	const struct php_token *k = &c->t->v[i];

	return k->at > c->text && k->at[-1] == '`' &&
	       php_taint_of(c->taint, i, i + 6) & TAINT_REQUEST &&
	       found(c, i, "code that gives a request to a shell");
}

static bool check_token(struct code *c, size_t i)
{
	php_taint_step(c->taint, i);
	switch (c->t->v[i].kind) {
	case PHP_NAME: return check_name(c, i);
	case PHP_VARIABLE: return check_variable(c, i);
	case PHP_TEXT: return check_text(c, i);
	case PHP_TEMPLATE: return check_template(c, i);
	default: return false;
	}
}

/* Tags of an older kind, "<? ", become "<?=", others ("<?xml") text. */
static void plain_tags(struct strbuf *sb)
{
	char *p = sb->buf, *end = sb->buf + sb->len;

	for (; (p = memmem(p, (size_t)(end - p), "<?", 2)); p += 2) {
		if (end - p > 2 && p[2] && strchr(" \t\r\n", p[2]))
			p[2] = '=';
		else if (end - p > 2 && p[2] != '=' &&
			 !sign_starts(p, (size_t)(end - p), "<?php"))
			p[0] = ' ';
	}
}

/* Does the text behind the token go on as code? */
static bool in_code(const struct php_tokens *t, size_t i)
{
	while (i && t->v[i].kind != PHP_TAG)
		i--;
	return t->v[i].kind == PHP_TAG && *t->v[i].at == '<';
}

/*
 * Where a text that was cut off is gone on with: at its last ";", as the cut
 * may be in a string or a comment.
 */
static size_t cut_at(const struct php_tokens *t)
{
	size_t i = t->nr - 1;

	while (i && !php_token_is(&t->v[i], ";") && t->v[i].kind != PHP_TAG)
		i--;
	return i;
}

/* A part of the text, and the same place in the file. */
struct piece {
	const char *text, *from;
	size_t len;
	/* How far it was read, and whether code goes on there. */
	size_t to;
	bool in_code;
};

static bool check_piece(struct sign_hunt *h, struct piece *p)
{
	AUTO_PHP_TOKENS struct php_tokens t = PHP_TOKENS_INIT;
	AUTO_PHP_TAINT struct php_taint taint = { 0 };
	struct code c = {
		.h = h, .t = &t, .taint = &taint, .text = p->text, .from = p->from
	};
	size_t last;

	php_tokens_read(p->text, p->len, &t);
	php_taint_begin(&taint, &t);
	for (size_t i = 0; i < t.nr; i++)
		if (check_token(&c, i))
			return true;
	last = cut_at(&t);
	p->to = (size_t)(t.v[last].at - p->text);
	p->in_code = in_code(&t, last);
	return false;
}

bool suspicious_code_find(struct sign_hunt *h)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	size_t at = 0;

	strbuf_add(&text, h->s, h->len);
	plain_tags(&text);
	while (at < text.len) {
		size_t left = text.len - at;
		struct piece p = { .text = text.buf + at,
				   .from = h->s + at,
				   .len = left < PIECE ? left : PIECE };

		if (check_piece(h, &p))
			return true;
		if (p.len == left)
			break;
		if (p.to <= PIECE / 2)
			p.to = p.len;
		at += p.to;
		if (p.in_code) {
			at -= 3;
			memcpy(text.buf + at, "<?=", 3);
		}
	}
	return false;
}
