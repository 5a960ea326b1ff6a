#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/text/attribute_rules.h"
#include "common/text/ignore_rules.h"
#include "common/text/wildmatch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
	if (!ok)
		abort();
}

/* "**" between slashes, as wildmatch.h says; n is behind it. */
static bool is_deep(const struct wild_text *p, size_t from, size_t n)
{
	return n - from > 1 && (!from || p->s[from - 1] == '/') &&
	       (n == p->len || p->s[n] == '/' ||
		(p->s[n] == '\\' && n + 1 < p->len && p->s[n + 1] == '/'));
}

/*
 * The definition, tried the slow way: reach[i] says that what was seen of the
 * pattern can be the first i bytes of the text. Sets are not tried here.
 */
static bool slow(const struct wild_text *p, const struct wild_text *t)
{
	bool *reach = xcalloc(t->len + 1, sizeof(*reach)), result;
	size_t at = 0;

	reach[0] = true;
	while (at < p->len) {
		size_t from = at;

		if (p->s[at] == '*') {
			while (at < p->len && p->s[at] == '*')
				at++;
			bool deep = is_deep(p, from, at);
			bool zero = deep && at < p->len && p->s[at] == '/';
			bool *was = xcalloc(t->len + 1, sizeof(*was));

			memcpy(was, reach, t->len + 1);
			for (size_t i = 1; i <= t->len; i++)
				reach[i] |= reach[i - 1] &&
					    (deep || t->s[i - 1] != '/');
			if (zero) {
				at++;
				for (size_t i = t->len; i > 0; i--)
					reach[i] = was[i] || (t->s[i - 1] == '/' &&
							      reach[i - 1]);
				reach[0] = was[0];
			}
			free(was);
			continue;
		}
		if (p->s[at] == '\\' && ++at == p->len) {
			memset(reach, 0, t->len + 1);
			break;
		}
		for (size_t i = t->len; i > 0; i--)
			reach[i] = reach[i - 1] &&
				   (p->s[from] == '?' ? t->s[i - 1] != '/'
						      : t->s[i - 1] == p->s[at]);
		reach[0] = false;
		at++;
	}
	result = reach[t->len];
	free(reach);
	return result;
}

/* A path as the rules are asked for. */
static bool is_path(const char *s, size_t len)
{
	if (!len || s[0] == '/' || s[len - 1] == '/' || memchr(s, 0, len))
		return false;
	for (size_t i = 1; i < len; i++)
		if (s[i] == '/' && s[i - 1] == '/')
			return false;
	return true;
}

static void check_rules(const struct wild_text *text, const char *path, size_t len)
{
	AUTO_IGNORE_RULES struct ignore_rules r = IGNORE_RULES_INIT;
	const char *half = memchr(text->s, 0xfe, text->len);
	size_t cut = half ? (size_t)(half - text->s) : text->len;
	AUTO_FREE char *dir = xstrndup(path, strcspn(path, "/"));

	ignore_rules_add(&r, "", text->s, cut);
	ignore_rules_add(&r, dir, text->s + cut, text->len - cut);
	for (int is_dir = 0; is_dir < 2; is_dir++) {
		size_t top = ignore_rules_top(&r, path, is_dir);
		AUTO_FREE char *part = xstrndup(path, top);

		check(top <= len && (top == len || !top || path[top] == '/'));
		check(ignore_rules_match(&r, path, is_dir) == (top > 0));
		check(!top ||
		      ignore_rules_top(&r, part, is_dir || top < len) == top);
	}
}

/* The same text as attributes: of "x", and of one that is never there. */
static void check_attributes(const struct wild_text *text, const char *path,
			     size_t len)
{
	AUTO_ATTRIBUTE_RULES struct attribute_rules r = ATTRIBUTE_RULES_INIT;
	const char *slash = strrchr(path, '/');
	const struct path_part part = {
		.path = path,
		.len = len,
		.name = slash ? (size_t)(slash + 1 - path) : 0,
		.is_dir = len % 2,
	};

	attribute_rules_add(&r, "", text->s, text->len);
	check(!r.too_many && r.names.nr <= text->len);
	attribute_rules_set(&r, "x", &part);
	check(!attribute_rules_set(&r, "!", &part));
}

/* Patterns, a byte 0xff, a path; the part behind 0xfe is a second file. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *all = (const char *)data;
	const char *cut = size ? memchr(all, 0xff, size) : NULL;
	struct wild_text text = { all, cut ? (size_t)(cut - all) : 0 };
	size_t len = cut ? size - text.len - 1 : 0;

	if (!cut || size > 2048 || !is_path(cut + 1, len))
		return 0;
	AUTO_FREE char *path = xstrndup(cut + 1, len);
	struct wild_text whole = { path, len };

	check_rules(&text, path, len);
	check_attributes(&text, path, len);
	if (!memchr(text.s, '[', text.len) && !memchr(text.s, 0, text.len))
		check(wildmatch(&text, &whole) == slow(&text, &whole));
	return 0;
}
