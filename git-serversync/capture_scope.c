#include "common/base/base.h"
#include "git-serversync/capture_scope.h"

#include "common/text/relpath.h"
#include "git-serversync/path_cover.h"

/* What a release tool puts at the top of a release, or of a checkout. */
static const char *const made[] = { "REVISION", "REVISION_TIME", "release.json",
				    ".dep", ".git" };

void capture_scope_release(struct capture_scope *s)
{
	strvec_release(&s->apart);
	strvec_release(&s->git_only);
	strvec_release(&s->cleared);
	ignore_rules_release(&s->exclude);
}

static bool is_within(const struct strvec *dirs, const char *path)
{
	for (size_t i = 0; i < dirs->nr; i++)
		if (relpath_within(path, dirs->v[i]))
			return true;
	return false;
}

static bool is_covered(const struct strvec *protectors, const char *path)
{
	for (size_t i = 0; i < protectors->nr; i++)
		if (path_cover_file(protectors->v[i], path))
			return true;
	return false;
}

static bool is_made(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(made); i++)
		if (relpath_within(path, made[i]))
			return true;
	return false;
}

bool capture_scope_leaves_out(const struct capture_scope *s, const char *path,
			      const char *git_path)
{
	return is_made(path) || is_within(&s->apart, path) ||
	       is_covered(&s->git_only, git_path) ||
	       is_covered(&s->cleared, path) ||
	       ignore_rules_match(&s->exclude, git_path, false);
}
