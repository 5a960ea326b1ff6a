#include "common/base/base.h"
#include "common/forge/forge_answer.h"
#include "common/text/quote.h"

#include <strings.h>

/* Arrays and objects take a hundred bytes each, even if empty. */
#define NODES_MAX 500000
#define WORDS_MAX 300

#define BASE64                                                                 \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="

static bool is_bloated(const char *data, size_t len)
{
	size_t nodes = 0;

	for (size_t i = 0; i < len; i++)
		nodes += data[i] == '[' || data[i] == '{';
	return nodes > NODES_MAX;
}

int forge_answer_parse(const char *data, size_t len, json_t **out)
{
	json_error_t why;
	json_t *j;

	if (is_bloated(data, len))
		return -1;
	j = json_loadb(data, len, 0, &why);
	if (!j)
		return -1;
	*out = j;
	return 0;
}

static const json_t *walk(const json_t *at, va_list keys)
{
	for (const char *key; at && (key = va_arg(keys, const char *));)
		at = json_object_get(at, key);
	return at;
}

const json_t *forge_answer_at(const json_t *item, ...)
{
	va_list keys;

	va_start(keys, item);
	item = walk(item, keys);
	va_end(keys);
	return item;
}

const char *forge_answer_text(const json_t *item, ...)
{
	va_list keys;

	va_start(keys, item);
	item = walk(item, keys);
	va_end(keys);
	return json_string_value(item);
}

uint64_t forge_answer_number(const json_t *item, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(item, key));

	return n > 0 ? (uint64_t)n : 0;
}

json_t *forge_answer_quoted(const char *text)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
	json_t *j = json_string(text);

	if (j)
		return j;
	quote_text(&shown, text, strlen(text));
	return json_string(shown.buf);
}

/* The length of what a server may repeat of a request's Authorization here. */
static size_t secret_at(const char *p, const char *end, const char *secret)
{
	static const char basic[] = "Basic ";
	size_t len = strlen(secret), left = (size_t)(end - p);

	if (len && left >= len && !memcmp(p, secret, len))
		return len;
	len = sizeof(basic) - 1;
	if (left <= len || strncasecmp(p, basic, len) != 0)
		return 0;
	while (len < left && strchr(BASE64, p[len]))
		len++;
	return len;
}

void forge_answer_show(const char *text, size_t len, const char *secret,
		       struct strbuf *out)
{
	AUTO_STRBUF struct strbuf clean = STRBUF_INIT;
	const char *end = text + len;

	while (text < end && clean.len < WORDS_MAX) {
		size_t n = secret ? secret_at(text, end, secret) : 0;

		if (n)
			strbuf_addstr(&clean, "***");
		else
			strbuf_addch(&clean, *text);
		text += n ? n : 1;
	}
	quote_text(out, clean.buf, clean.len);
}

struct words {
	struct strbuf text;
	const char *secret;
};

static void add_words(struct words *w, const char *text)
{
	if (!text || w->text.len >= WORDS_MAX)
		return;
	if (w->text.len)
		strbuf_addstr(&w->text, "; ");
	forge_answer_show(text, strlen(text), w->secret, &w->text);
}

/* A text, a list of texts or of objects with a message, or fields of these. */
static void add_all(struct words *w, const json_t *from, int depth)
{
	const char *key;
	json_t *value;
	size_t i;

	if (!depth || !from)
		return;
	add_words(w, json_string_value(from));
	json_array_foreach((json_t *)from, i, value)
	{
		if (json_is_object(value))
			value = json_object_get(value, "message");
		add_all(w, value, depth - 1);
	}
	json_object_foreach((json_t *)from, key, value)
	{
		add_all(w, value, depth - 1);
	}
}

static void add_first_line(struct words *w, const char *data, size_t len)
{
	const char *end;

	while (len && strchr(" \t\r\n", *data)) {
		data++;
		len--;
	}
	end = memchr(data, '\n', len);
	forge_answer_show(data, end ? (size_t)(end - data) : len, w->secret,
			  &w->text);
}

void forge_answer_words(const char *data, size_t len, const char *secret,
			struct strbuf *out)
{
	static const char *const keys[] = { "message", "error",
					    "error_description", "errors" };
	struct words w = { .text = STRBUF_INIT, .secret = secret };
	AUTO_ANSWER json_t *answer = NULL;

	if (forge_answer_parse(data, len, &answer) < 0)
		add_first_line(&w, data, len);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		add_all(&w, json_object_get(answer, keys[i]), 3);
	strbuf_addstr(out, w.text.buf);
	strbuf_release(&w.text);
}
