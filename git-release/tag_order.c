#include "common/base/base.h"
#include "git-release/tag_job.h"

#include "common/base/mem.h"
#include "common/text/version_order.h"

/* The newest version that was tagged, and where that is known from. */
struct newest {
	const char *prefix, *version; /* version: what is tagged now */
	char *tag;		      /* NULL: none yet */
};

static void newest_release(struct newest *n)
{
	free(n->tag);
}

/* The version in a tag's name; NULL: no version of ours. */
static const char *version_in(const struct newest *n, const char *tag)
{
	size_t len = strlen(n->prefix);

	if (strncmp(tag, n->prefix, len) != 0 || !version_has_order(tag + len))
		return NULL;
	return tag + len;
}

static void consider(struct newest *n, const char *ref)
{
	static const char folder[] = "refs/tags/";
	const char *tag = ref + strlen(folder), *version;

	if (strncmp(ref, folder, strlen(folder)) != 0 ||
	    !(version = version_in(n, tag)))
		return;
	if (n->tag && version_compare(version, version_in(n, n->tag)) <= 0)
		return;
	free(n->tag);
	n->tag = xstrdup(tag);
}

static int consider_ours(struct newest *n, git_repository *repo, struct err *err)
{
	git_reference_iterator *it;
	const char *name;
	int ret;

	if (git_reference_iterator_glob_new(&it, repo, "refs/tags/*") < 0)
		return err_git(err, ERR_FAILED, "cannot list the tags");
	while (!(ret = git_reference_next_name(&name, it)))
		consider(n, name);
	git_reference_iterator_free(it);
	return ret == GIT_ITEROVER
		       ? 0
		       : err_git(err, ERR_FAILED, "cannot list the tags");
}

static int hint_lower(struct tag_job *job, struct err *err)
{
	return err_hint(err, "git release tag --allow-lower %s", job->name);
}

int tag_check_order(struct tag_job *job, const struct remote_refs *refs,
		    struct err *err)
{
	CLEANUP(newest_release)
	struct newest n = { .prefix = job->session.build.tag_prefix };
	int ret, order;

	n.version = job->name + strlen(n.prefix);
	if (!version_has_order(n.version)) {
		err_set(err, ERR_REFUSED,
			"'%s' is neither a semantic version, such as 1.2.0 or "
			"1.2.0-rc.1, nor one of a calendar, such as 2026.11",
			n.version);
		return hint_lower(job, err);
	}
	for (size_t i = 0; i < refs->nr; i++)
		consider(&n, refs->v[i].name);
	if ((ret = consider_ours(&n, job->session.repo, err)) < 0 || !n.tag)
		return ret;
	order = version_compare(n.version, version_in(&n, n.tag));
	if (order > 0)
		return 0;
	err_set(err, ERR_REFUSED, "'%s' is %s '%s', the newest tag", job->name,
		order ? "lower than" : "the same version as", n.tag);
	return hint_lower(job, err);
}
