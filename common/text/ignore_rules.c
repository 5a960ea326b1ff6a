#include "common/base/base.h"
#include "common/text/ignore_rules.h"

#include "common/base/mem.h"

void ignore_rules_release(struct ignore_rules *r)
{
	for (size_t i = 0; i < r->nr; i++) {
		for (size_t j = 0; j < r->lists[i].nr; j++)
			path_pattern_release(&r->lists[i].v[j]);
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
	struct path_pattern pattern;

	if (!path_pattern_parse(&pattern, line,
				trim_blanks(line, strnlen(line, len))))
		return;
	ALLOC_GROW(list->v, list->nr + 1, list->alloc);
	list->v[list->nr++] = pattern;
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

/* The last pattern of one file that matches, or NULL. */
static const struct path_pattern *last_match(const struct ignore_list *list,
					     const struct path_part *part)
{
	size_t below = strlen(list->dir);

	below += below > 0;
	for (size_t i = list->nr; i > 0; i--)
		if (path_pattern_match(&list->v[i - 1], part, below))
			return &list->v[i - 1];
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

static bool is_ignored(const struct above *above, const struct path_part *part)
{
	for (size_t i = above->nr; i > 0; i--) {
		const struct path_pattern *p = last_match(above->v[i - 1], part);

		if (p)
			return !p->negated;
	}
	return false;
}

size_t ignore_rules_top(const struct ignore_rules *r, const char *path,
			bool is_dir)
{
	CLEANUP(above_release) struct above above = { 0 };
	struct path_part part = { .path = path, .is_dir = true };

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
