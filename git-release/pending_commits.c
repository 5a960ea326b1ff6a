#include "common/base/base.h"
#include "git-release/pending.h"

#include "common/base/mem.h"

DEFINE_AUTO(git_revwalk *, git_revwalk_free, NULL)
#define AUTO_REVWALK CLEANUP(git_revwalk_free_auto)

/* A shallow clone ends somewhere, and what is behind that looks unrelated. */
static int cannot_follow(struct pending *p, struct err *err)
{
	err_git(err, ERR_FAILED, "cannot follow the history of '%s'", p->label);
	return git_repository_is_shallow(p->session.repo) == 1
		       ? err_hint(err, "git fetch --unshallow")
		       : err->code;
}

/* hide NULL: all there are. */
static int start(struct pending *p, const git_oid *push, const git_oid *hide,
		 git_revwalk **out, struct err *err)
{
	AUTO_REVWALK git_revwalk *walk = NULL;

	if (git_revwalk_new(&walk, p->session.repo) < 0 ||
	    git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL | GIT_SORT_TIME) < 0 ||
	    git_revwalk_push(walk, push) < 0 ||
	    (hide && git_revwalk_hide(walk, hide) < 0))
		return cannot_follow(p, err);
	*out = TAKE_PTR(walk);
	return 0;
}

static int add(struct pending *p, const git_oid *id, struct err *err)
{
	AUTO_COMMIT git_commit *commit = NULL;
	const char *subject;

	if (git_commit_lookup(&commit, p->session.repo, id) < 0)
		return cannot_follow(p, err);
	subject = git_commit_summary(commit);
	ALLOC_GROW(p->commits, p->nr_commits + 1, p->alloc_commits);
	p->commits[p->nr_commits++] = (struct pending_commit){
		.id = *id,
		.at = git_commit_time(commit),
		.author = xstrdup(git_commit_author(commit)->name),
		.subject = xstrdup(subject ? subject : ""),
	};
	return 0;
}

static int count_behind(struct pending *p, struct err *err)
{
	AUTO_REVWALK git_revwalk *walk = NULL;
	git_oid id;
	int ret = start(p, &p->live_commit, &p->tip, &walk, err);

	if (ret < 0)
		return ret;
	while (!(ret = git_revwalk_next(&id, walk)))
		p->behind++;
	return ret == GIT_ITEROVER ? 0 : cannot_follow(p, err);
}

int pending_find_commits(struct pending *p, struct err *err)
{
	AUTO_REVWALK git_revwalk *walk = NULL;
	git_oid id;
	int ret =
		start(p, &p->tip, p->known ? &p->live_commit : NULL, &walk, err);

	if (ret < 0)
		return ret;
	while (!(ret = git_revwalk_next(&id, walk)))
		if (add(p, &id, err) < 0)
			return err->code;
	if (ret != GIT_ITEROVER)
		return cannot_follow(p, err);
	return p->known ? count_behind(p, err) : 0;
}
