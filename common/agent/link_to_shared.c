#include "common/base/base.h"
#include "common/agent/link_to_shared.h"

#include "common/text/relpath.h"

/* Takes "." and ".." out of an absolute path, by its text alone. */
static void flatten(const char *path, char out[PATH_MAX])
{
	size_t len = 0;

	while (*path) {
		size_t n = strcspn(path, "/");

		if (n == 2 && !memcmp(path, "..", 2)) {
			while (len && out[len - 1] != '/')
				len--;
			len -= len > 0;
		} else if (n && !(n == 1 && *path == '.')) {
			out[len++] = '/';
			memcpy(out + len, path, n);
			len += n;
		}
		path += n;
		path += *path == '/';
	}
	out[len] = '\0';
}

static bool leads_there(const struct agent *a, const char *path)
{
	char shared[PATH_MAX], flat[PATH_MAX], real[PATH_MAX];

	if (snprintf(shared, sizeof(shared), "%s/shared", a->root) >= PATH_MAX)
		return false;
	flatten(path, flat);
	if (relpath_within(flat, shared))
		return true;
	return realpath(path, real) && relpath_within(real, shared);
}

bool link_to_shared(const struct agent *a, const struct live_tree *t,
		    const char *path, int at, const char *name)
{
	char target[PATH_MAX], full[PATH_MAX];
	const char *slash = strrchr(path, '/');
	ssize_t n;
	int len;

	if (t->kind == SCAN_PLAIN)
		return false;
	n = readlinkat(at, name, target, sizeof(target));
	if (n <= 0 || n >= (ssize_t)sizeof(target))
		return false;
	target[n] = '\0';
	if (*target == '/')
		return leads_there(a, target);
	len = snprintf(full, sizeof(full), "%s/releases/%s/%.*s/%s", a->root,
		       t->id, slash ? (int)(slash - path) : 0, path, target);
	return len > 0 && len < PATH_MAX && leads_there(a, full);
}
