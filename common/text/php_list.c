#include "common/base/base.h"
#include "common/text/php_list.h"

#include "common/base/mem.h"
#include "common/base/num.h"

#define NESTED_MAX 32
#define ITEMS_MAX  4000

static void item_clear(struct php_item *item)
{
	free(item->name);
	free(item->text);
}

void php_list_clear(struct php_list *l)
{
	while (l->nr)
		item_clear(&l->v[--l->nr]);
	l->next = 0;
}

void php_list_release(struct php_list *l)
{
	php_list_clear(l);
	free(l->v);
	*l = (struct php_list)PHP_LIST_INIT;
}

static bool same_key(const struct php_item *a, const struct php_item *b)
{
	if (!a->name || !b->name)
		return a->name == b->name && a->number == b->number;
	return !strcmp(a->name, b->name);
}

/* Takes what item holds. */
static void put(struct php_list *l, struct php_item *item)
{
	/* The next number is above all others: no need to look for it. */
	bool is_new = !item->name && item->number >= l->next;

	for (size_t i = 0; !is_new && i < l->nr; i++) {
		if (!same_key(&l->v[i], item))
			continue;
		item_clear(&l->v[i]);
		l->v[i] = *item;
		return;
	}
	ALLOC_GROW(l->v, l->nr + 1, l->alloc);
	l->v[l->nr++] = *item;
	if (is_new)
		l->next = item->number + 1;
}

void php_list_append(struct php_list *l, struct php_list *from)
{
	for (size_t i = 0; i < from->nr; i++) {
		if (!from->v[i].name)
			from->v[i].number = l->next;
		put(l, &from->v[i]);
	}
	from->nr = 0;
	from->next = 0;
}

/* Numbers as array_merge() leaves them: from 0 up. */
static void renumber(struct php_list *l)
{
	l->next = 0;
	for (size_t i = 0; i < l->nr; i++)
		if (!l->v[i].name)
			l->v[i].number = l->next++;
}

/* Reading. */

const struct php_token *php_cursor_token(const struct php_cursor *c)
{
	return &c->tokens->v[c->at];
}

bool php_cursor_skip(struct php_cursor *c, const char *mark)
{
	if (!php_token_is(php_cursor_token(c), mark))
		return false;
	c->at++;
	return true;
}

static bool refuse(struct php_cursor *c, const char *why)
{
	if (!c->why) {
		c->why = why;
		c->why_line = php_cursor_token(c)->line;
	}
	return false;
}

/* What stands here instead of text or a list. */
static bool refuse_token(struct php_cursor *c)
{
	const struct php_token *t = php_cursor_token(c);

	if (t->kind == PHP_VARIABLE)
		return refuse(c, "the value is in a variable");
	if (t->kind == PHP_TEMPLATE)
		return refuse(c, "a string has a variable in it");
	if (t->kind == PHP_NAME && php_token_is(t + 1, "("))
		return refuse(c, "the value is the result of a function");
	if (t->kind == PHP_NAME)
		return refuse(c, "the value is a constant");
	if (php_token_is(t, "..."))
		return refuse(c, "the list is put together with '...'");
	return refuse(c, "the list is not written out");
}

static bool read_text(struct php_cursor *c, struct strbuf *out, unsigned int deep)
{
	do {
		const struct php_token *t = php_cursor_token(c);

		if (deep > NESTED_MAX)
			return refuse(c, "this is nested too deeply");
		if (php_cursor_skip(c, "(")) {
			if (!read_text(c, out, deep + 1))
				return false;
			if (!php_cursor_skip(c, ")"))
				return refuse_token(c);
			continue;
		}
		if (t->kind != PHP_TEXT)
			return refuse_token(c);
		strbuf_add(out, c->tokens->text.buf + t->text, t->text_len);
		c->at++;
	} while (php_cursor_skip(c, "."));
	return true;
}

bool php_text_read(struct php_cursor *c, struct strbuf *out)
{
	return read_text(c, out, 0);
}

/* Is it a number that PHP makes a number of as a key, too? */
static bool is_number(const char *s, size_t len, int64_t *out)
{
	uint32_t n;

	if ((len > 1 && *s == '0') || len > 9 || num_parse_u32(s, len, &n) < 0)
		return false;
	*out = n;
	return true;
}

static bool set_key(struct php_cursor *c, const struct strbuf *key,
		    struct php_item *item)
{
	bool letter = (key->buf[0] >= 'a' && key->buf[0] <= 'z') ||
		      (key->buf[0] >= 'A' && key->buf[0] <= 'Z') ||
		      key->buf[0] == '_';

	if (is_number(key->buf, key->len, &item->number))
		return true;
	/* "1.5", "-1", "01": versions of PHP and Deployer differ. */
	if (!letter || strlen(key->buf) != key->len)
		return refuse(c, "a key is neither a word nor a plain number");
	item->name = xstrdup(key->buf);
	return true;
}

static bool read_item(struct php_cursor *c, struct php_list *l)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	const struct php_token *t = php_cursor_token(c);
	struct php_item item = { .number = l->next, .line = t->line };

	if (t->kind == PHP_NUMBER && php_token_is(t + 1, "=>")) {
		if (!is_number(t->at, t->len, &item.number))
			return refuse(c, "a key is neither a word nor a plain "
					 "number");
		c->at++;
	} else {
		if (php_token_is(t, "[") || php_token_named(t, "array"))
			return refuse(c, "there is a list in the list");
		if (!php_text_read(c, &text))
			return false;
		if (php_token_is(php_cursor_token(c), "=>") &&
		    !set_key(c, &text, &item))
			return false;
	}
	if (php_cursor_skip(c, "=>")) {
		strbuf_reset(&text);
		item.line = php_cursor_token(c)->line;
		if (php_token_is(php_cursor_token(c), "[") ||
		    php_token_named(php_cursor_token(c), "array"))
			refuse(c, "there is a list in the list");
		if (c->why || !php_text_read(c, &text)) {
			free(item.name);
			return false;
		}
	}
	if (strlen(text.buf) != text.len || l->nr >= ITEMS_MAX) {
		free(item.name);
		return refuse(c, l->nr < ITEMS_MAX
					 ? "a path has a NUL byte in it"
					 : "the list is too long");
	}
	item.text = strbuf_detach(&text);
	put(l, &item);
	return true;
}

static bool read_items(struct php_cursor *c, const char *close,
		       struct php_list *l)
{
	while (!php_cursor_skip(c, close)) {
		if (!read_item(c, l))
			return false;
		if (php_cursor_skip(c, ","))
			continue;
		if (!php_token_is(php_cursor_token(c), close))
			return refuse_token(c);
	}
	return true;
}

static bool read_list(struct php_cursor *c, struct php_list *l,
		      unsigned int deep);

static bool read_merged(struct php_cursor *c, struct php_list *l,
			unsigned int deep)
{
	while (!php_cursor_skip(c, ")")) {
		AUTO_PHP_LIST struct php_list next = PHP_LIST_INIT;

		if (!read_list(c, &next, deep + 1))
			return false;
		if (l->nr + next.nr > ITEMS_MAX)
			return refuse(c, "the list is too long");
		php_list_append(l, &next);
		if (php_cursor_skip(c, ","))
			continue;
		if (!php_token_is(php_cursor_token(c), ")"))
			return refuse_token(c);
	}
	renumber(l);
	return true;
}

static bool read_list(struct php_cursor *c, struct php_list *l, unsigned int deep)
{
	const struct php_token *t = php_cursor_token(c);
	bool call = t->kind == PHP_NAME && php_token_is(t + 1, "(");

	if (deep > NESTED_MAX)
		return refuse(c, "this is nested too deeply");
	if (php_cursor_skip(c, "["))
		return read_items(c, "]", l);
	if (php_cursor_skip(c, "(")) {
		if (!read_list(c, l, deep + 1))
			return false;
		return php_cursor_skip(c, ")") || refuse_token(c);
	}
	if (call && php_token_named(t, "array")) {
		c->at += 2;
		return read_items(c, ")", l);
	}
	if (call && (php_token_named(t, "array_merge") ||
		     php_token_named(t, "\\array_merge"))) {
		c->at += 2;
		return read_merged(c, l, deep);
	}
	if (t->kind == PHP_TEXT)
		return refuse(c, "the value is a text and not a list");
	return refuse_token(c);
}

bool php_list_read(struct php_cursor *c, struct php_list *l)
{
	return read_list(c, l, 0);
}
