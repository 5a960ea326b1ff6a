#include "common/base/base.h"
#include "common/text/ignore_rules.h"

#include "common/base/mem.h"
#include "common/text/wildmatch.h"

void ignore_rules_release(struct ignore_rules *r)
{
	for (size_t i = 0; i < r->nr; i++) {
		for (size_t j = 0; j < r->lists[i].nr; j++)
			free(r->lists[i].v[j].pattern);
		free(r->lists[i].v);
		free(r->lists[i].dir);
	}
	free(r->lists);
	*r = (struct ignore_rules)IGNORE_RULES_INIT;
}

/* Reading; as git's dir.c does it. */

/* Blanks at the end do not count, unless a backslash keeps one. */
static size_t trim_blanks(const char *line, size_t len)
{
	size_t end = 0;

	for (size_t i = 0; i < len; i++) {
		bool kept = line[i] == '\\';

		if (kept && ++i == len)
			return len;
		if (kept || line[i] != ' ')
			end = i + 1;
	}
	return end;
}

static void add_line(struct ignore_list *list, const char *line, size_t len)
{
	struct ignore_rule rule = { .pattern = NULL };

	len = trim_blanks(line, strnlen(line, len));
	if (len && *line == '!') {
		rule.negated = true;
		line++;
		len--;
	}
	if (len && line[len - 1] == '/') {
		rule.only_dir = true;
		len--;
	}
	rule.by_name = !memchr(line, '/', len);
	if (len && *line == '/') {
		line++;
		len--;
	}
	/* It matches nothing. */
	if (!len)
		return;
	rule.pattern = xstrndup(line, len);
	rule.len = len;
	rule.plain = wildmatch_plain(&(struct wild_text){ line, len });
	ALLOC_GROW(list->v, list->nr + 1, list->alloc);
	list->v[list->nr++] = rule;
}

/* The list of a directory, or where it would be. */
static size_t find(const struct ignore_rules *r, const char *dir, size_t len,
		   bool *found)
{
	size_t low = 0, high = r->nr;

	*found = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *there = r->lists[middle].dir;
		int order = strncmp(there, dir, len);

		if (!order && !there[len]) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct ignore_list *get_list(struct ignore_rules *r, const char *dir)
{
	bool found;
	size_t at = find(r, dir, strlen(dir), &found);

	if (!found) {
		ALLOC_GROW(r->lists, r->nr + 1, r->alloc);
		memmove(&r->lists[at + 1], &r->lists[at],
			(r->nr - at) * sizeof(*r->lists));
		r->nr++;
		r->lists[at] = (struct ignore_list){ .dir = xstrdup(dir) };
	}
	return &r->lists[at];
}

void ignore_rules_add(struct ignore_rules *r, const char *dir, const char *text,
		      size_t len)
{
	static const char bom[] = { '\xef', '\xbb', '\xbf' };
	struct ignore_list *list = get_list(r, dir);
	size_t at = 0;

	if (len >= sizeof(bom) && !memcmp(text, bom, sizeof(bom)))
		at = sizeof(bom);
	while (at < len) {
		const char *line = text + at;
		const char *lf = memchr(line, '\n', len - at);
		size_t n = lf ? (size_t)(lf - line) : len - at;

		at += n + 1;
		if (n && line[n - 1] == '\r')
			n--;
		if (n && *line != '#')
			add_line(list, line, n);
	}
}

/* Matching. */

/* A part of a path: one of its directories, or the whole. */
struct part {
	const char *path;
	size_t len, name; /* where its last name begins */
	bool is_dir;
};

static bool matches(const struct ignore_rule *rule, const char *text, size_t len)
{
	if (rule->plain == rule->len)
		return len == rule->len && !memcmp(text, rule->pattern, len);
	if (len < rule->plain || memcmp(text, rule->pattern, rule->plain) != 0)
		return false;
	return wildmatch(&(struct wild_text){ rule->pattern, rule->len },
			 &(struct wild_text){ text, len });
}

/* The last pattern of one file that matches, or NULL. */
static const struct ignore_rule *last_match(const struct ignore_list *list,
					    const struct part *part)
{
	size_t below = strlen(list->dir);

	below += below > 0;
	for (size_t i = list->nr; i > 0; i--) {
		const struct ignore_rule *rule = &list->v[i - 1];
		size_t from = rule->by_name ? part->name : below;

		if (rule->only_dir && !part->is_dir)
			continue;
		if (matches(rule, part->path + from, part->len - from))
			return rule;
	}
	return NULL;
}

/* The files that count for a part of a path, from the top down. */
struct above {
	const struct ignore_list **v;
	size_t nr, alloc;
};

static void above_release(struct above *above)
{
	free(above->v);
}

static void enter(const struct ignore_rules *r, const char *path, size_t len,
		  struct above *above)
{
	bool found;
	size_t at = find(r, path, len, &found);

	if (!found)
		return;
	ALLOC_GROW(above->v, above->nr + 1, above->alloc);
	above->v[above->nr++] = &r->lists[at];
}

static bool is_ignored(const struct above *above, const struct part *part)
{
	for (size_t i = above->nr; i > 0; i--) {
		const struct ignore_rule *rule =
			last_match(above->v[i - 1], part);

		if (rule)
			return !rule->negated;
	}
	return false;
}

size_t ignore_rules_top(const struct ignore_rules *r, const char *path,
			bool is_dir)
{
	CLEANUP(above_release) struct above above = { 0 };
	struct part part = { .path = path, .is_dir = true };

	for (;;) {
		const char *slash = strchr(path + part.name, '/');

		enter(r, path, part.name ? part.name - 1 : 0, &above);
		part.len = slash ? (size_t)(slash - path) : strlen(path);
		if (!slash)
			part.is_dir = is_dir;
		if (is_ignored(&above, &part))
			return part.len;
		if (!slash)
			return 0;
		part.name = part.len + 1;
	}
}

bool ignore_rules_match(const struct ignore_rules *r, const char *path,
			bool is_dir)
{
	return ignore_rules_top(r, path, is_dir) > 0;
}
