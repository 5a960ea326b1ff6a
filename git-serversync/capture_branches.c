#include "common/base/base.h"
#include "git-serversync/capture_branches.h"

#include "common/base/mem.h"
#include "common/git/remote.h"
#include "git-serversync/capture_reasons.h"

#define HEADS "refs/heads/"
/* Commits on top of a capture: those that reject files, and updates. */
#define CHAIN_MAX 100

void capture_branches_release(struct capture_branches *b)
{
	for (size_t i = 0; i < b->nr; i++)
		free(b->v[i].name);
	free(b->v);
	*b = (struct capture_branches)CAPTURE_BRANCHES_INIT;
}

static bool is_taken(const struct capture_branches *b, const char *name)
{
	for (size_t i = 0; i < b->nr; i++)
		if (!strcmp(b->v[i].name, name))
			return true;
	return false;
}

static struct capture_ref *get(struct capture_branches *b, const char *name)
{
	for (size_t i = 0; i < b->nr; i++)
		if (!strcmp(b->v[i].name, name))
			return &b->v[i];
	ALLOC_GROW(b->v, b->nr + 1, b->alloc);
	b->v[b->nr] = (struct capture_ref){ .name = xstrdup(name) };
	return &b->v[b->nr++];
}

static int by_name(const void *x, const void *y)
{
	const struct capture_ref *a = x, *b = y;

	return strcmp(a->name, b->name);
}

DEFINE_AUTO(git_reference_iterator *, git_reference_iterator_free, NULL)
#define AUTO_REFS CLEANUP(git_reference_iterator_free_auto)

static int list_here(git_repository *repo, const char *glob,
		     struct capture_branches *out, struct err *err)
{
	AUTO_REFS git_reference_iterator *refs = NULL;
	git_reference *ref = NULL;
	int ret;

	if (git_reference_iterator_glob_new(&refs, repo, glob) < 0)
		return err_git(err, ERR_FAILED, "cannot list branches");
	while (!(ret = git_reference_next(&ref, refs))) {
		const git_oid *id = git_reference_target(ref);

		if (id)
			get(out, git_reference_name(ref) + strlen(HEADS))->here =
				*id;
		git_reference_free(ref);
	}
	return ret == GIT_ITEROVER
		       ? 0
		       : err_git(err, ERR_FAILED, "cannot list branches");
}

static int list_there(git_repository *repo, const char *glob, const char *remote,
		      struct capture_branches *out, struct err *err)
{
	AUTO_REMOTE_REFS struct remote_refs refs = REMOTE_REFS_INIT;
	AUTO_STRVEC struct strvec patterns = STRVEC_INIT;

	strvec_push(&patterns, glob);
	if (remote_list_pushed(repo, remote, &patterns, &refs, err) < 0)
		return err->code;
	for (size_t i = 0; i < refs.nr; i++)
		if (!strncmp(refs.v[i].name, HEADS, strlen(HEADS)))
			get(out, refs.v[i].name + strlen(HEADS))->there =
				refs.v[i].id;
	return 0;
}

int capture_branches_list(git_repository *repo, const char *environment,
			  const char *remote, struct capture_branches *out,
			  struct err *err)
{
	AUTO_STRBUF struct strbuf glob = STRBUF_INIT;

	strbuf_addf(&glob, HEADS CAPTURE_BRANCHES "%s/*", environment);
	if (list_here(repo, glob.buf, out, err) < 0 ||
	    (remote && list_there(repo, glob.buf, remote, out, err) < 0))
		return err->code;
	if (out->nr)
		qsort(out->v, out->nr, sizeof(*out->v), by_name);
	return 0;
}

char *capture_branch_name(const struct capture_branches *b,
			  const char *environment, const char *time)
{
	AUTO_STRBUF struct strbuf name = STRBUF_INIT;
	size_t len;

	strbuf_addf(&name, CAPTURE_BRANCHES "%s/%s", environment, time);
	len = name.len;
	for (unsigned int n = 2; is_taken(b, name.buf); n++) {
		strbuf_setlen(&name, len);
		strbuf_addf(&name, "-%u", n);
	}
	return strbuf_detach(&name);
}

/* Is it on top of base, by captures and what was said of them? */
static bool is_on(git_repository *repo, const git_oid *tip, const git_oid *base)
{
	git_oid at = *tip;

	for (int i = 0; i < CHAIN_MAX; i++) {
		AUTO_COMMIT git_commit *commit = NULL;

		if (git_commit_lookup(&commit, repo, &at) < 0)
			return false;
		for (unsigned int n = 0; n < git_commit_parentcount(commit); n++)
			if (git_oid_equal(git_commit_parent_id(commit, n), base))
				return true;
		if (!git_commit_parentcount(commit))
			return false;
		at = *git_commit_parent_id(commit, 0);
	}
	return false;
}

static int fetch(const struct capture_equal *e, const struct capture_ref *b,
		 struct err *err)
{
	AUTO_COMMIT git_commit *commit = NULL;
	AUTO_STRVEC struct strvec refspecs = STRVEC_INIT;

	if (!git_commit_lookup(&commit, e->repo, &b->there))
		return 0;
	strvec_pushf(&refspecs, HEADS "%s", b->name);
	return remote_fetch(e->repo, e->remote, &refspecs, err);
}

static bool is_equal(const struct capture_equal *e, const git_oid *tip)
{
	AUTO_COMMIT git_commit *commit = NULL;

	return !git_oid_is_zero(tip) &&
	       !git_commit_lookup(&commit, e->repo, tip) &&
	       git_oid_equal(git_commit_tree_id(commit), &e->tree) &&
	       is_on(e->repo, tip, &e->base) &&
	       (!e->capture || capture_reasons_given(e->repo, tip, e->capture));
}

int capture_branches_equal(const struct capture_branches *b,
			   const struct capture_equal *e,
			   const struct capture_ref **found, git_oid *commit,
			   struct err *err)
{
	const struct capture_ref *newest = b->nr ? &b->v[b->nr - 1] : NULL;

	*found = NULL;
	if (!newest)
		return 0;
	if (!git_oid_is_zero(&newest->there) && fetch(e, newest, err) < 0)
		return err->code;
	/* What others see comes first: it may have been worked on. */
	if (is_equal(e, &newest->there))
		*commit = newest->there;
	else if (git_oid_is_zero(&newest->there) && is_equal(e, &newest->here))
		*commit = newest->here;
	else
		return 0;
	*found = newest;
	return 0;
}

int capture_branches_last(git_repository *repo, const char *environment,
			  git_tree **out, struct err *err)
{
	AUTO_CAPTURE_BRANCHES struct capture_branches b = CAPTURE_BRANCHES_INIT;
	AUTO_COMMIT git_commit *commit = NULL;

	*out = NULL;
	if (capture_branches_list(repo, environment, NULL, &b, err) < 0)
		return err->code;
	if (!b.nr)
		return 0;
	if (git_commit_lookup(&commit, repo, &b.v[b.nr - 1].here) < 0 ||
	    git_commit_tree(out, commit) < 0)
		return err_git(err, ERR_FAILED, "cannot read '%s'",
			       b.v[b.nr - 1].name);
	return 0;
}
