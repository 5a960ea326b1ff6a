#include "common/base/base.h"
#include "git-serversync/php_taint.h"

#include "common/base/mem.h"

#include <strings.h>

static const char *const decoders[] = {
	"base64_decode", "gzinflate",	     "gzuncompress", "gzdecode",
	"str_rot13",	 "convert_uudecode", "hex2bin",
};
static const char *const requests[] = { "$_GET", "$_POST", "$_REQUEST",
					"$_COOKIE", "$_FILES" };

bool php_text_is(const struct php_tokens *t, size_t i, const char *text)
{
	const struct php_token *k = &t->v[i];

	return k->kind == PHP_TEXT && k->text_len == strlen(text) &&
	       !strncasecmp(t->text.buf + k->text, text, k->text_len);
}

bool php_is_request(const struct php_token *t)
{
	for (size_t i = 0; t->kind == PHP_VARIABLE && i < ARRAY_SIZE(requests);
	     i++)
		if (t->len == strlen(requests[i]) &&
		    !memcmp(t->at, requests[i], t->len))
			return true;
	return false;
}

static bool is_mark(const struct php_tokens *t, size_t i, const char *mark)
{
	return i < t->nr && php_token_is(&t->v[i], mark);
}

bool php_is_call(const struct php_tokens *t, size_t i, const char *name)
{
	const struct php_token *k = &t->v[i];
	bool global = k->len && *k->at == '\\';
	struct php_token bare = *k;

	bare.at += global;
	bare.len -= global;
	if (!php_token_named(&bare, name) || !is_mark(t, i + 1, "("))
		return false;
	return !i || (!is_mark(t, i - 1, "->") && !is_mark(t, i - 1, "?->") &&
		      !is_mark(t, i - 1, "::") &&
		      !php_token_named(&t->v[i - 1], "function") &&
		      !php_token_named(&t->v[i - 1], "new"));
}

size_t php_args_end(const struct php_tokens *t, size_t i)
{
	size_t depth = 0, stop = i + TAINT_WORDS;

	for (; i < t->nr && i < stop; i++) {
		if (is_mark(t, i, "("))
			depth++;
		else if (is_mark(t, i, ")") && !--depth)
			break;
	}
	return i < t->nr ? i : t->nr;
}

static unsigned int of_name(const struct php_tokens *t, size_t i)
{
	static const char *const safe[] = { "escapeshellarg",
					    "escapeshellcmd",
					    "intval",
					    "basename",
					    "in_array",
					    "isset",
					    "empty",
					    "count",
					    "md5",
					    "is_uploaded_file",
					    "sha1" };

	for (size_t n = 0; n < ARRAY_SIZE(decoders); n++)
		if (php_is_call(t, i, decoders[n]))
			return TAINT_ENCODED;
	for (size_t n = 0; n < ARRAY_SIZE(safe); n++)
		if (php_is_call(t, i, safe[n]))
			return TAINT_SAFE;
	if (php_is_call(t, i, "chr"))
		return TAINT_CHR;
	if (php_is_call(t, i, "getallheaders") ||
	    php_is_call(t, i, "apache_request_headers"))
		return TAINT_REQUEST;
	if (is_mark(t, i + 1, ")") && i && is_mark(t, i - 1, "(") &&
	    (php_token_named(&t->v[i], "int") ||
	     php_token_named(&t->v[i], "bool")))
		return TAINT_SAFE;
	return 0;
}

static bool names_request(const struct php_token *k)
{
	for (size_t n = 0; n < ARRAY_SIZE(requests); n++)
		if (memmem(k->at, k->len, requests[n], strlen(requests[n])))
			return true;
	return false;
}

static unsigned int of_token(const struct php_tokens *t, size_t i)
{
	const struct php_token *k = &t->v[i];

	switch (k->kind) {
	case PHP_NAME: return of_name(t, i);
	case PHP_VARIABLE:
		return (php_is_request(k) ? TAINT_REQUEST : 0) |
		       (is_mark(t, i + 1, "(") ? TAINT_CALL : 0);
	case PHP_TEXT:
		if (php_text_is(t, i, "php://input"))
			return TAINT_REQUEST;
		for (size_t n = 0; n < ARRAY_SIZE(decoders); n++)
			if (php_text_is(t, i, decoders[n]))
				return TAINT_ENCODED;
		return 0;
	case PHP_TEMPLATE: return names_request(k) ? TAINT_REQUEST : 0;
	default: return 0;
	}
}

void php_taint_begin(struct php_taint *p, const struct php_tokens *t)
{
	*p = (struct php_taint){ .t = t, .own = xcalloc(t->nr + 1, 1) };
	for (size_t i = 0; i < t->nr; i++)
		p->own[i] = (unsigned char)of_token(t, i);
}

void php_taint_end(struct php_taint *p)
{
	free(p->own);
	p->own = NULL;
}

static unsigned int of_var(const struct php_taint *p, const char *name, size_t len)
{
	for (size_t i = 0; i < p->nr; i++)
		if (p->vars[i].len == len && !memcmp(p->vars[i].name, name, len))
			return p->vars[i].flags;
	return 0;
}

/* "$name" inside of a string. */
static unsigned int of_template(const struct php_taint *p,
				const struct php_token *k)
{
	for (size_t i = 0; i < p->nr; i++)
		if (memmem(k->at, k->len, p->vars[i].name, p->vars[i].len))
			return p->vars[i].flags;
	return 0;
}

unsigned int php_taint_of(const struct php_taint *p, size_t from, size_t to)
{
	unsigned int flags = 0;
	size_t chars = 0;

	for (size_t i = from; i < to && i < p->t->nr; i++) {
		const struct php_token *k = &p->t->v[i];

		flags |= p->own[i];
		chars += p->own[i] == TAINT_CHR;
		if (p->nr && k->kind == PHP_VARIABLE)
			flags |= of_var(p, k->at, k->len);
		/* A long text is looked through once only: by its statement. */
		if (p->nr && k->kind == PHP_TEMPLATE && k->len < 256)
			flags |= of_template(p, k);
	}
	flags &= ~(unsigned int)TAINT_CHR;
	if (chars >= 4)
		flags |= TAINT_ENCODED;
	return flags;
}

static void set_var(struct php_taint *p, const struct php_token *k,
		    unsigned int flags)
{
	size_t i = 0;

	while (i < p->nr && (p->vars[i].len != k->len ||
			     memcmp(p->vars[i].name, k->at, k->len) != 0))
		i++;
	if (i == ARRAY_SIZE(p->vars) || (i == p->nr && !flags))
		return;
	p->nr += i == p->nr;
	p->vars[i] = (struct tainted_var){ k->at, k->len, flags };
}

/* "$a = ...;": what is behind it up to the end of the statement. */
void php_taint_step(struct php_taint *p, size_t i)
{
	const struct php_tokens *t = p->t;
	size_t to = i + 2, stop = i + TAINT_WORDS;
	unsigned int flags;

	if (t->v[i].kind != PHP_VARIABLE || !is_mark(t, i + 1, "="))
		return;
	while (to < t->nr && to < stop && !is_mark(t, to, ";") &&
	       t->v[to].kind != PHP_TAG)
		to++;
	flags = php_taint_of(p, i + 2, to);
	if (flags & TAINT_SAFE)
		flags &= ~(unsigned int)TAINT_REQUEST;
	set_var(p, &t->v[i], flags & (TAINT_REQUEST | TAINT_ENCODED));
}
