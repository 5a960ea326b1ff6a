#include "common/base/base.h"
#include "common/text/relpath.h"

#include <strings.h>

#define COMPONENT_MAX 255

const char *text_control_character(const char *s, const char *except)
{
	for (const unsigned char *p = (const unsigned char *)s; *p; p++) {
		/* U+0080 to U+009F steer terminals as ESC does. */
		bool c1 = p[0] == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0;

		if ((*p < 0x20 || *p == 0x7f || c1) && !strchr(except, *p))
			return "holds a control character";
	}
	return NULL;
}

static const char *check_component(const char *s, size_t len)
{
	if (len == 2 && !memcmp(s, "..", 2))
		return "has a '..' in it";
	if (len == 4 && !strncasecmp(s, ".git", 4))
		return "leads into '.git'";
	if (len > COMPONENT_MAX)
		return "has a name of more than 255 bytes";
	return NULL;
}

const char *relpath_normalise(const char *path, struct strbuf *out, bool *is_dir)
{
	size_t start = out->len;
	const char *why = text_control_character(path, ""), *p = path;

	if (!*path)
		return "is empty";
	if (*path == '/')
		return "is absolute";
	if (strlen(path) >= PATH_MAX)
		return "is too long";
	while (!why && *p) {
		size_t len = strcspn(p, "/");

		why = check_component(p, len);
		if (!why && len && !(len == 1 && *p == '.')) {
			if (out->len > start)
				strbuf_addch(out, '/');
			strbuf_add(out, p, len);
		}
		p += len;
		p += *p == '/';
	}
	if (!why && out->len == start)
		why = "names the whole directory";
	if (why)
		strbuf_setlen(out, start);
	else if (is_dir)
		*is_dir = p[-1] == '/';
	return why;
}

bool relpath_within(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return !strncmp(path, dir, len) && (!path[len] || path[len] == '/');
}

bool relpath_overlaps(const char *a, const char *b)
{
	return relpath_within(a, b) || relpath_within(b, a);
}
