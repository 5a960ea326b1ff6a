#include "common/base/base.h"
#include "common/text/deploy_script.h"

#include "common/base/mem.h"
#include "common/text/deploy_calls.h"

#include <strings.h>

void deploy_script_release(struct deploy_script *s)
{
	for (size_t i = 0; i < s->nr; i++) {
		php_list_release(&s->v[i].list);
		free(s->v[i].path);
	}
	free(s->v);
	*s = (struct deploy_script)DEPLOY_SCRIPT_INIT;
}

void deploy_refuse(struct deploy_reader *r, unsigned int line, const char *why)
{
	if (r->out->why)
		return;
	r->out->why = why;
	r->out->why_line = line;
}

struct deploy_event *deploy_add_event(struct deploy_reader *r,
				      enum deploy_kind kind, unsigned int line)
{
	struct deploy_script *out = r->out;
	struct deploy_event *e;

	ALLOC_GROW(out->v, out->nr + 1, out->alloc);
	e = &out->v[out->nr++];
	*e = (struct deploy_event){ .kind = kind, .line = line };
	return e;
}

const struct php_token *deploy_token(const struct deploy_reader *r)
{
	return php_cursor_token(&r->c);
}

/* The token in front, or the opening tag that every file begins with. */
static const struct php_token *before(const struct deploy_reader *r)
{
	static const struct php_token tag = { .kind = PHP_TAG };

	return r->c.at ? deploy_token(r) - 1 : &tag;
}

bool deploy_after(const struct deploy_reader *r, const char *mark)
{
	return php_token_is(before(r), mark);
}

bool deploy_at_member(const struct deploy_reader *r)
{
	return deploy_after(r, "->") || deploy_after(r, "?->") ||
	       deploy_after(r, "::");
}

/* Outside of every block, function and parenthesis, and first of its kind. */
bool deploy_at_statement(const struct deploy_reader *r)
{
	for (size_t i = 0; i < r->nr_blocks; i++)
		if (r->blocks[i] != DEPLOY_BLOCK_NAMESPACE)
			return false;
	if (r->parens)
		return false;
	return before(r)->kind == PHP_TAG || deploy_after(r, ";") ||
	       deploy_after(r, "}") ||
	       (deploy_after(r, "{") && r->nr_blocks != 0);
}

/* Blocks. */

static void open_block(struct deploy_reader *r)
{
	enum deploy_block kind = DEPLOY_BLOCK_OTHER;

	if (r->function && r->parens == r->function_parens)
		kind = DEPLOY_BLOCK_FUNCTION;
	else if (r->namespace_opens && !r->nr_blocks)
		kind = DEPLOY_BLOCK_NAMESPACE;
	if (kind == DEPLOY_BLOCK_FUNCTION)
		r->function = false;
	r->namespace_opens = false;
	if (r->nr_blocks == DEPLOY_BLOCKS_MAX) {
		deploy_refuse(r, deploy_token(r)->line,
			      "blocks are nested too deeply");
		return;
	}
	r->blocks[r->nr_blocks++] = kind;
}

/* Looking ahead for arguments stays cheap only while this is bounded. */
static void open_paren(struct deploy_reader *r)
{
	if (++r->parens > DEPLOY_BLOCKS_MAX)
		deploy_refuse(r, deploy_token(r)->line,
			      "parentheses are nested too deeply");
}

static void read_mark(struct deploy_reader *r)
{
	const struct php_token *t = deploy_token(r);

	if (php_token_is(t, "{"))
		open_block(r);
	else if (php_token_is(t, "}") && r->nr_blocks)
		r->nr_blocks--;
	else if (php_token_is(t, "(") || php_token_is(t, "["))
		open_paren(r);
	else if ((php_token_is(t, ")") || php_token_is(t, "]")) && r->parens)
		r->parens--;
	else if (php_token_is(t, ";") && r->parens == r->function_parens)
		r->function = false;
	r->c.at++;
}

static bool in_function(const struct deploy_reader *r)
{
	return memchr(r->blocks, DEPLOY_BLOCK_FUNCTION, r->nr_blocks) != NULL;
}

/* Names. */

static bool named_one_of(const struct php_token *t, const char *const *names)
{
	for (; *names; names++)
		if (php_token_named(t, *names))
			return true;
	return false;
}

bool deploy_mentions(const char *text, size_t len)
{
	static const char name[] = "clear_paths";
	size_t n = sizeof(name) - 1;

	for (size_t i = 0; i + n <= len; i++)
		if (!strncasecmp(text + i, name, n))
			return true;
	return false;
}

static void read_namespace(struct deploy_reader *r)
{
	const struct php_token *name = deploy_token(r) + 1;
	bool named = name->kind == PHP_NAME;

	r->namespace_opens = php_token_is(name + named, "{");
	r->other_namespace = named && !php_token_named(name, "Deployer");
	r->in_deployer = named && !r->other_namespace;
	r->c.at += 1 + named;
}

static void read_name(struct deploy_reader *r)
{
	static const char *const includes[] = { "include", "include_once",
						"require", "require_once", NULL };
	static const char *const ends[] = { "endif",	  "endfor",
					    "endforeach", "endwhile",
					    "endswitch",  "enddeclare",
					    NULL };
	static const char *const leaves[] = { "return", "goto", NULL };
	const struct php_token *t = deploy_token(r);

	if (deploy_mentions(t->at, t->len))
		deploy_refuse(r, t->line,
			      "clear_paths is used in a way that is not read");
	if (deploy_at_member(r)) {
		deploy_read_call(r);
		return;
	}
	if (named_one_of(t, includes)) {
		deploy_read_include(r);
		return;
	}
	if (php_token_named(t, "namespace") && deploy_at_statement(r)) {
		read_namespace(r);
		return;
	}
	if (php_token_named(t, "use") && deploy_at_statement(r)) {
		deploy_read_use(r);
		return;
	}
	if (php_token_named(t, "eval"))
		deploy_refuse(r, t->line, "'eval' runs code that is not read");
	if (php_token_named(t, "function")) {
		r->function = true;
		r->function_parens = r->parens;
	}
	if (named_one_of(t, ends))
		r->last_end = r->c.at;
	if (named_one_of(t, leaves) && !in_function(r))
		r->left = true;
	deploy_read_call(r);
}

/* A call between "if (...):" and "endif" looks like a plain statement. */
static void check_ends(struct deploy_reader *r)
{
	for (size_t i = 0; i < r->nr_calls; i++)
		if (r->calls[i].at < r->last_end)
			deploy_refuse(r, r->calls[i].line, DEPLOY_NOT_ALWAYS);
	for (size_t i = 0; i < r->out->nr; i++)
		if (r->last_end &&
		    r->out->v[i].line <= r->c.tokens->v[r->last_end].line)
			r->out->v[i].always = false;
}

static void read_tokens(struct deploy_reader *r)
{
	while (!r->out->why && deploy_token(r)->kind != PHP_END) {
		const struct php_token *t = deploy_token(r);

		switch (t->kind) {
		case PHP_NAME: read_name(r); break;
		case PHP_TEXT: deploy_read_text(r); break;
		case PHP_MARK: read_mark(r); break;
		case PHP_VARIABLE:
			if (deploy_mentions(t->at, t->len))
				deploy_refuse(r, t->line,
					      "clear_paths is in a variable");
			r->c.at++;
			break;
		case PHP_TEMPLATE:
			if (deploy_mentions(r->c.tokens->text.buf + t->text,
					    t->text_len))
				deploy_refuse(r, t->line,
					      "clear_paths is in a string with "
					      "variables");
			r->c.at++;
			break;
		default: r->c.at++; break;
		}
	}
	check_ends(r);
}

void deploy_script_read(const char *data, size_t len, struct deploy_script *out)
{
	AUTO_PHP_TOKENS struct php_tokens tokens = PHP_TOKENS_INIT;
	struct deploy_reader r = { .out = out, .c = { .tokens = &tokens } };

	php_tokens_read(data, len, &tokens);
	if (tokens.why)
		deploy_refuse(&r, tokens.why_line, tokens.why);
	else
		read_tokens(&r);
	free(r.calls);
}
