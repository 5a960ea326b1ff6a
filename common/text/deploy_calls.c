#include "common/base/base.h"
#include "common/text/deploy_calls.h"

#include "common/base/mem.h"

#include <strings.h>

#define SETTING	   "clear_paths"
#define CLEAR_TASK "deploy:clear_paths"

/* Functions that everything here depends on. */
static const char *const watched[] = { "set",	    "add",	   "import",
				       "inventory", "array_merge", "task",
				       NULL };

/* The part of a name behind its last backslash. */
static const char *last_part(const struct php_token *t, size_t *len)
{
	const char *slash = memrchr(t->at, '\\', t->len);
	const char *part = slash ? slash + 1 : t->at;

	*len = (size_t)(t->at + t->len - part);
	return part;
}

static bool part_is(const struct php_token *t, const char *name)
{
	size_t len;
	const char *part = last_part(t, &len);

	return t->kind == PHP_NAME && len == strlen(name) &&
	       !strncasecmp(part, name, len);
}

static bool part_is_watched(const struct php_token *t)
{
	for (size_t i = 0; watched[i]; i++)
		if (part_is(t, watched[i]))
			return true;
	return false;
}

/* set, \Deployer\set, and Deployer\set outside of a namespace. */
static bool is_deployers(const struct deploy_reader *r, const struct php_token *t)
{
	if (!memchr(t->at, '\\', t->len))
		return !r->other_namespace;
	return t->len > 10 &&
	       (!strncasecmp(t->at, "\\Deployer\\", 10) ||
		(!r->in_deployer && !r->other_namespace &&
		 !strncasecmp(t->at, "Deployer\\", 9))) &&
	       memrchr(t->at, '\\', t->len) == t->at + (*t->at == '\\' ? 9 : 8);
}

/* How many arguments a call has at least: 0, 1, 2; "..." may be any number. */
static unsigned int count_arguments(const struct php_token *t)
{
	unsigned int nr = !php_token_is(t, ")"), deep = 0;

	for (; t->kind != PHP_END && nr < 2; t++) {
		if (php_token_is(t, "(") || php_token_is(t, "[") ||
		    php_token_is(t, "{"))
			deep++;
		else if (deep && (php_token_is(t, ")") ||
				  php_token_is(t, "]") || php_token_is(t, "}")))
			deep--;
		else if (!deep && (php_token_is(t, ")") || php_token_is(t, "]") ||
				   php_token_is(t, "}") || php_token_is(t, ";")))
			break;
		else if (!deep &&
			 (php_token_is(t, ",") || php_token_is(t, "...")))
			nr = 2;
	}
	return nr;
}

static void remember_call(struct deploy_reader *r, size_t at, unsigned int line)
{
	ALLOC_GROW(r->calls, r->nr_calls + 1, r->alloc_calls);
	r->calls[r->nr_calls++] = (struct deploy_call){ .at = at, .line = line };
}

static void take_list(struct deploy_reader *r, struct php_cursor c, bool add)
{
	AUTO_PHP_LIST struct php_list list = PHP_LIST_INIT;
	const struct php_token *t = deploy_token(r);
	struct deploy_event *e;

	if (php_list_read(&c, &list)) {
		(void)php_cursor_skip(&c, ",");
		if (!php_cursor_skip(&c, ")"))
			deploy_refuse(r, php_cursor_token(&c)->line,
				      "the list is not written out");
		else if (!php_token_is(php_cursor_token(&c), ";") &&
			 php_cursor_token(&c)->kind != PHP_TAG &&
			 php_cursor_token(&c)->kind != PHP_END)
			deploy_refuse(r, php_cursor_token(&c)->line,
				      "the call is a part of something else");
	} else {
		deploy_refuse(r, c.why_line, c.why);
	}
	if (r->out->why)
		return;
	remember_call(r, r->c.at, t->line);
	e = deploy_add_event(r, add ? DEPLOY_ADD : DEPLOY_SET, t->line);
	e->list = list;
	list = (struct php_list)PHP_LIST_INIT;
	r->c.at = c.at;
}

static void read_clear_paths(struct deploy_reader *r, struct php_cursor c)
{
	const struct php_token *t = deploy_token(r);
	const char *why = NULL;

	if (!is_deployers(r, t))
		why = "this is not known to be Deployer's own function";
	else if (!deploy_at_statement(r))
		why = DEPLOY_NOT_ALWAYS;
	else if (r->left)
		why = "a 'return' above may come before clear_paths is set";
	else if (!php_cursor_skip(&c, ","))
		why = "clear_paths is used in a way that is not read";
	if (why)
		deploy_refuse(r, t->line, why);
	else
		take_list(r, c, part_is(t, "add"));
}

/* At set or add, a function or a method, with "(" behind it. */
static void read_setting(struct deploy_reader *r)
{
	AUTO_STRBUF struct strbuf name = STRBUF_INIT;
	const struct php_token *t = deploy_token(r);
	bool method = deploy_at_member(r);
	struct php_cursor c = { .tokens = r->c.tokens, .at = r->c.at + 2 };
	const struct php_token *end;

	if (count_arguments(t + 2) >= 2) {
		bool text = php_text_read(&c, &name);

		end = php_cursor_token(&c);
		text = text && (php_token_is(end, ",") || php_token_is(end, ")"));
		if (!text)
			deploy_refuse(r, t->line,
				      "the name of the setting is not written "
				      "out");
		else if (!method && !strcmp(name.buf, SETTING))
			read_clear_paths(r, c);
	}
	if (deploy_token(r) == t)
		r->c.at++;
}

static bool only_here(const struct deploy_reader *r, const struct php_token *t)
{
	return !deploy_at_member(r) && php_token_is(t + 1, "(");
}

void deploy_read_call(struct deploy_reader *r)
{
	const struct php_token *t = deploy_token(r);
	bool called = php_token_is(t + 1, "(");
	bool defined = r->c.at && (php_token_named(t - 1, "function") ||
				   (r->c.at > 1 && php_token_is(t - 1, "&") &&
				    php_token_named(t - 2, "function")));

	if (defined && part_is_watched(t)) {
		deploy_refuse(r, t->line,
			      "a function of Deployer's is defined anew");
		return;
	}
	if (called && !defined && (part_is(t, "set") || part_is(t, "add"))) {
		read_setting(r);
		return;
	}
	if (only_here(r, t) && !defined &&
	    (part_is(t, "import") || part_is(t, "inventory"))) {
		deploy_read_include(r);
		return;
	}
	if (only_here(r, t) && !defined &&
	    (part_is(t, "chdir") || part_is(t, "set_include_path")))
		deploy_refuse(r, t->line,
			      "this changes where included files are found");
	r->c.at++;
}

/* __DIR__ . or dirname(__FILE__) . */
static bool skip_directory(struct php_cursor *c)
{
	const struct php_token *t = php_cursor_token(c);

	if (php_token_named(t, "__DIR__")) {
		c->at++;
	} else if (php_token_named(t, "dirname") && php_token_is(t + 1, "(") &&
		   php_token_named(t + 2, "__FILE__") &&
		   php_token_is(t + 3, ")")) {
		c->at += 4;
	} else {
		return false;
	}
	return php_cursor_skip(c, ".");
}

/* What ends the expression behind "require". */
static bool ends_include(const struct php_token *t)
{
	return php_token_is(t, ";") || php_token_is(t, ")") ||
	       php_token_is(t, ",") || php_token_is(t, "]") ||
	       t->kind == PHP_TAG || t->kind == PHP_END;
}

void deploy_read_include(struct deploy_reader *r)
{
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;
	const struct php_token *t = deploy_token(r);
	struct php_cursor c = { .tokens = r->c.tokens, .at = r->c.at + 1 };
	bool paren = php_cursor_skip(&c, "("), beside = skip_directory(&c);
	bool read = php_text_read(&c, &path);
	struct deploy_event *e;

	if (read && paren) {
		(void)php_cursor_skip(&c, ",");
		read = php_cursor_skip(&c, ")");
	}
	if (!read || !ends_include(php_cursor_token(&c)) ||
	    strlen(path.buf) != path.len) {
		deploy_refuse(r, t->line,
			      "what is included here may set clear_paths, and "
			      "its name is not written out");
		return;
	}
	e = deploy_add_event(r, DEPLOY_INCLUDE, t->line);
	e->beside = beside;
	e->always = deploy_at_statement(r) && !r->left &&
		    (php_token_is(php_cursor_token(&c), ";") ||
		     php_cursor_token(&c)->kind == PHP_TAG ||
		     php_cursor_token(&c)->kind == PHP_END);
	e->path = strbuf_detach(&path);
	r->c.at = c.at;
}

/*
 * "use function Deployer\{set, add}" is fine; the same functions under another
 * name, or others under these names, are not.
 */
void deploy_read_use(struct deploy_reader *r)
{
	const struct php_token *t = deploy_token(r) + 1, *prefix = NULL;
	bool functions = false;

	for (; t->kind != PHP_END && !php_token_is(t, ";"); t++) {
		bool group = php_token_is(t + 1, "{"), bad;

		functions |= php_token_named(t, "function");
		if (group)
			prefix = t;
		if (t->kind != PHP_NAME || group || !functions ||
		    !part_is_watched(t) || php_token_named(t, "as"))
			continue;
		bad = php_token_named(t + 1, "as") ||
		      php_token_named(t - 1, "as");
		if (prefix)
			bad |= !php_token_named(prefix, "Deployer\\") &&
			       !php_token_named(prefix, "\\Deployer\\");
		else
			bad |= !part_is(t, "array_merge") &&
			       (strncasecmp(t->at + (*t->at == '\\'),
					    "Deployer\\", 9) != 0 ||
				memrchr(t->at, '\\', t->len) !=
					t->at + (*t->at == '\\') + 8);
		if (bad)
			deploy_refuse(r, t->line,
				      "a function of Deployer's gets another "
				      "name, or its name another function");
	}
	while (deploy_token(r) < t)
		r->c.at++;
}

/* All of 'a' . 'b' . 'c' at once. */
static void fold_text(struct deploy_reader *r, struct strbuf *out)
{
	const struct php_token *t = deploy_token(r);

	for (;;) {
		strbuf_add(out, r->c.tokens->text.buf + t->text, t->text_len);
		if (!php_token_is(t + 1, ".") || t[2].kind != PHP_TEXT)
			break;
		t += 2;
	}
	while (deploy_token(r) <= t)
		r->c.at++;
}

/* task('deploy:clear_paths', ...) says anew what the task does. */
static bool defines_task(const struct php_token *t, const struct php_token *end)
{
	return php_token_is(end, ",") && php_token_is(t - 1, "(") &&
	       part_is(t - 2, "task");
}

void deploy_read_text(struct deploy_reader *r)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	const struct php_token *t = deploy_token(r);
	bool call = r->c.at >= 2;
	const char *name;

	fold_text(r, &text);
	if (!strcmp(text.buf, CLEAR_TASK)) {
		if (call && defines_task(t, deploy_token(r)))
			deploy_refuse(r, t->line,
				      "the task 'deploy:clear_paths' is "
				      "defined anew");
		return;
	}
	if (deploy_mentions(text.buf, text.len))
		deploy_refuse(r, t->line,
			      "clear_paths is used in a way that is not read");
	name = strrchr(text.buf, '\\');
	name = name ? name + 1 : text.buf;
	if (!strcasecmp(name, "set") || !strcasecmp(name, "add"))
		deploy_refuse(r, t->line,
			      "a function that sets is named in a text");
}
