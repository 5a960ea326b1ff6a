#include "common/base/base.h"
#include "git-serversync/path_cover.h"

#include <fnmatch.h>

#define SPECIAL "*?["

/* One name of a path. */
struct part {
	const char *s;
	size_t len;
};

static struct part next_part(const char **path)
{
	struct part p = { .s = *path, .len = strcspn(*path, "/") };

	*path += p.len;
	*path += **path == '/';
	return p;
}

static bool same(const struct part *a, const struct part *b)
{
	return a->len == b->len && !memcmp(a->s, b->s, a->len);
}

/* How much of it stands in front of the first special character. */
static size_t plain_start(const struct part *p)
{
	size_t n = 0;

	while (n < p->len && !strchr(SPECIAL, p->s[n]))
		n++;
	return n;
}

/* How much of it stands behind the last; a "]" may end a set. */
static size_t plain_end(const struct part *p)
{
	size_t n = 0;

	while (n < p->len && !strchr(SPECIAL "]", p->s[p->len - n - 1]))
		n++;
	return n;
}

static bool matches(const struct part *glob, const struct part *name)
{
	char a[NAME_MAX + 1], b[NAME_MAX + 1];

	if (glob->len > NAME_MAX || name->len > NAME_MAX)
		return false;
	memcpy(a, glob->s, glob->len);
	a[glob->len] = '\0';
	memcpy(b, name->s, name->len);
	b[name->len] = '\0';
	return !fnmatch(a, b, FNM_PERIOD | FNM_NOESCAPE);
}

/*
 * "a*z" matches all that "ab*yz" does: what is plain at both ends of the
 * narrow one begins and ends with what is plain in the wide one.
 */
static bool matches_all_of(const struct part *wide, const struct part *narrow)
{
	size_t start = plain_start(wide), end, stars = start;

	while (stars < wide->len && wide->s[stars] == '*')
		stars++;
	end = wide->len - stars;
	if (stars == start ||
	    plain_end(&(struct part){ wide->s + stars, end }) != end)
		return false;
	/* A star at the front leaves out names with a dot there. */
	if (!start && narrow->s[0] == '.')
		return false;
	return plain_start(narrow) >= start && plain_end(narrow) >= end &&
	       !memcmp(wide->s, narrow->s, start) &&
	       !memcmp(wide->s + stars, narrow->s + narrow->len - end, end);
}

static bool part_covers(const struct part *wide, const struct part *narrow)
{
	if (same(wide, narrow))
		return true;
	if (plain_start(wide) == wide->len)
		return false;
	if (plain_start(narrow) == narrow->len)
		return matches(wide, narrow);
	return matches_all_of(wide, narrow);
}

bool path_cover(const char *protector, const char *path)
{
	while (*protector) {
		struct part wide = next_part(&protector);
		struct part narrow = next_part(&path);

		/* What lies deeper protects nothing above it. */
		if (!narrow.len || !part_covers(&wide, &narrow))
			return false;
	}
	return true;
}

bool path_cover_file(const char *protector, const char *file)
{
	while (*protector) {
		struct part wide = next_part(&protector);
		struct part name = next_part(&file);

		if (!name.len || !(same(&wide, &name) || matches(&wide, &name)))
			return false;
	}
	return true;
}
