#include "common/base/base.h"
#include "git-serversync/capture_branch.h"

#include "common/base/mem.h"
#include "common/git/revision.h"
#include "common/model/settings_keys.h"
#include "common/text/quote.h"
#include "git-serversync/review_target.h"

/* How far back a capture is looked for where no target bounds the search. */
#define NEAR 1000u

DEFINE_AUTO(git_revwalk *, git_revwalk_free, NULL)
#define AUTO_REVWALK CLEANUP(git_revwalk_free_auto)

void capture_branch_release(struct capture_branch *b)
{
	for (size_t i = 0; i < b->nr; i++)
		capture_trailers_release(&b->v[i].trailers);
	free(b->v);
	free(b->target);
	*b = (struct capture_branch)CAPTURE_BRANCH_INIT;
}

bool capture_branch_environment(const char *name, struct strbuf *out)
{
	size_t skip = strlen(CAPTURE_BRANCH_PREFIX), was = out->len;
	const char *slash;

	if (strncmp(name, CAPTURE_BRANCH_PREFIX, skip) != 0)
		return false;
	name += skip;
	slash = strchr(name, '/');
	if (!slash || !slash[1])
		return false;
	strbuf_add(out, name, (size_t)(slash - name));
	if (settings_environment_name(out->buf + was))
		return true;
	strbuf_setlen(out, was);
	return false;
}

static int check_whole(git_repository *repo, struct err *err)
{
	if (!git_repository_is_shallow(repo))
		return 0;
	err_set(err,
		ERR_FAILED, "this is a shallow clone: it lacks the commits to compare with");
	return err_hint(err, "git fetch --unshallow (in CI: fetch-depth: 0, "
			     "GIT_DEPTH: 0, clone: depth: full)");
}

/* What a commit says; said stays as it is when that is nothing of ours. */
static int hear(git_repository *repo, const git_oid *id,
		struct capture_said *said, struct err *err)
{
	AUTO_CAPTURE_TRAILERS struct capture_trailers t = CAPTURE_TRAILERS_INIT;
	AUTO_COMMIT git_commit *commit = NULL;
	bool is_capture;

	if (git_commit_lookup(&commit, repo, id) < 0)
		return err_git(err, ERR_FAILED, "cannot read a commit");
	/* Somebody's own message may be as long as they like. */
	if (capture_trailers_read(git_commit_message(commit), &t, err) < 0) {
		err_release(err);
		return 0;
	}
	is_capture = capture_trailers_is_capture(&t) &&
		     git_commit_parentcount(commit);
	if (!is_capture && !t.nr && !t.rejected.nr)
		return 0;
	*said = (struct capture_said){ .id = *id,
				       .trailers = t,
				       .is_capture = is_capture };
	t = (struct capture_trailers)CAPTURE_TRAILERS_INIT;
	return 1;
}

static int add(struct capture_branch *b, git_repository *repo,
	       const git_oid *id, struct err *err)
{
	int ret;

	ALLOC_GROW(b->v, b->nr + 1, b->alloc);
	ret = hear(repo, id, &b->v[b->nr], err);
	b->nr += ret > 0;
	return ret;
}

static int start_walk(git_revwalk **walk, git_repository *repo,
		      const git_oid *tip, struct err *err)
{
	if (git_revwalk_new(walk, repo) < 0 ||
	    git_revwalk_sorting(*walk, GIT_SORT_TOPOLOGICAL) < 0 ||
	    git_revwalk_push(*walk, tip) < 0)
		return err_git(err, ERR_FAILED, "cannot walk the history");
	return 0;
}

/* 1, at the end 0. */
static int walk_on(git_revwalk *walk, git_oid *id, struct err *err)
{
	int ret = git_revwalk_next(id, walk);

	if (ret == GIT_ITEROVER)
		return 0;
	return ret < 0 ? err_git(err, ERR_FAILED, "cannot walk the history") : 1;
}

static int no_capture(struct err *err)
{
	return err_set(err, ERR_NOTFOUND,
		       "there is no capture on it that is still to be merged");
}

/* 1 when it is a capture, of the environment that its subject names. */
static int take_environment(git_repository *repo, const git_oid *id,
			    struct strbuf *out, struct err *err)
{
	AUTO_CAPTURE_BRANCH struct capture_branch one = CAPTURE_BRANCH_INIT;
	AUTO_COMMIT git_commit *commit = NULL;
	size_t was = out->len;
	char hex[8];
	int ret = add(&one, repo, id, err);

	if (ret < 0 || !one.nr || !one.v[0].is_capture)
		return ret < 0 ? ret : 0;
	if (git_commit_lookup(&commit, repo, id) < 0)
		return err_git(err, ERR_FAILED, "cannot read a commit");
	if (capture_subject_read(git_commit_message(commit), out) &&
	    settings_environment_name(out->buf + was))
		return 1;
	strbuf_setlen(out, was);
	git_oid_tostr(hex, sizeof(hex), id);
	err_set(err, ERR_FAILED,
		"the subject of capture %s does not name its environment any "
		"more",
		hex);
	return err_hint(err, "name the branch " CAPTURE_BRANCH_PREFIX
			     "<environment>/<time>");
}

int capture_commit_environment(git_repository *repo, const git_oid *tip,
			       struct strbuf *out, struct err *err)
{
	AUTO_REVWALK git_revwalk *walk = NULL;
	git_oid id;
	int ret = check_whole(repo, err);

	if (ret < 0 || (ret = start_walk(&walk, repo, tip, err)) < 0)
		return ret;
	for (unsigned int i = 0; i < NEAR; i++) {
		if ((ret = walk_on(walk, &id, err)) < 0)
			return ret;
		if (!ret)
			break;
		if ((ret = take_environment(repo, &id, out, err)))
			return ret < 0 ? ret : 0;
	}
	return no_capture(err);
}

static int walk_to_target(const struct capture_branch_request *r,
			  const git_oid *target, struct capture_branch *b,
			  struct err *err)
{
	AUTO_REVWALK git_revwalk *walk = NULL;
	unsigned int seen = 0;
	git_oid id;
	int ret = start_walk(&walk, r->repo, &r->tip, err);

	if (ret < 0)
		return ret;
	if (git_revwalk_hide(walk, target) < 0)
		return err_git(err, ERR_FAILED, "cannot walk the history");
	while ((ret = walk_on(walk, &id, err)) > 0) {
		if (seen++ == CAPTURE_BRANCH_COMMITS_MAX)
			return err_set(err, ERR_FAILED,
				       "there are more than %u commits that "
				       "'%s' lacks",
				       CAPTURE_BRANCH_COMMITS_MAX, b->target);
		if ((ret = add(b, r->repo, &id, err)) < 0)
			return ret;
	}
	if (ret < 0)
		return ret;
	if (git_merge_base(&b->common, r->repo, &r->tip, target) < 0)
		return err_git(err, ERR_FAILED,
			       "the branch has nothing in common with '%s'",
			       b->target);
	return 0;
}

static int first_parent(git_repository *repo, git_oid *id, struct err *err)
{
	AUTO_COMMIT git_commit *commit = NULL;

	if (git_commit_lookup(&commit, repo, id) < 0)
		return err_git(err, ERR_FAILED, "cannot read a commit");
	if (!git_commit_parentcount(commit))
		return 0;
	*id = *git_commit_parent_id(commit, 0);
	return 1;
}

/* The newest capture, and what was captured upon in one row. */
static int walk_row(git_repository *repo, git_revwalk *walk,
		    struct capture_branch *b, struct err *err)
{
	bool found = false;
	git_oid id;
	int ret = 1;

	for (unsigned int i = 0; ret >= 0 && !found && i < NEAR; i++) {
		if ((ret = walk_on(walk, &id, err)) <= 0)
			break;
		ret = add(b, repo, &id, err);
		found = ret > 0 && b->v[b->nr - 1].is_capture;
	}
	while (ret > 0 && found && b->nr < NEAR) {
		ret = first_parent(repo, &id, err);
		if (ret > 0)
			ret = add(b, repo, &id, err);
	}
	return ret < 0 ? ret : 0;
}

static bool is_known(const struct capture_branch *b, const git_oid *id)
{
	for (size_t i = 0; i < b->nr; i++)
		if (git_oid_equal(&b->v[i].id, id))
			return true;
	return false;
}

/*
 * One below somebody's commit may be of this branch, or be merged already:
 * only the target could tell, and what is left out would not be looked at.
 */
static int check_alone(git_repository *repo, git_revwalk *walk,
		       const struct capture_branch *b, struct err *err)
{
	for (unsigned int i = 0; i < NEAR; i++) {
		AUTO_CAPTURE_BRANCH struct capture_branch other =
			CAPTURE_BRANCH_INIT;
		git_oid id;
		int ret = walk_on(walk, &id, err);

		if (ret <= 0)
			return ret;
		if (is_known(b, &id))
			continue;
		if ((ret = add(&other, repo, &id, err)) < 0)
			return ret;
		if (!ret || !other.v[0].is_capture)
			continue;
		err_set(err, ERR_FAILED,
			"it has several captures, and which of them are still "
			"to be merged is not known without the review's "
			"target");
		return err_hint(err, "git config serversync.target <branch>");
	}
	return 0;
}

static int walk_alone(const struct capture_branch_request *r,
		      struct capture_branch *b, struct err *err)
{
	AUTO_REVWALK git_revwalk *walk = NULL;
	int ret = start_walk(&walk, r->repo, &r->tip, err);

	if (ret < 0 || (ret = walk_row(r->repo, walk, b, err)) < 0)
		return ret;
	return check_alone(r->repo, walk, b, err);
}

static void turn_round(struct capture_branch *b)
{
	for (size_t i = 0; i < b->nr / 2; i++) {
		struct capture_said kept = b->v[i];

		b->v[i] = b->v[b->nr - i - 1];
		b->v[b->nr - i - 1] = kept;
	}
}

static int is_behind(git_repository *repo, const git_oid *id,
		     const git_oid *commit, struct err *err)
{
	int ret = git_oid_equal(id, commit)
			  ? 1
			  : git_graph_descendant_of(repo, id, commit);

	return ret < 0 ? err_git(err, ERR_FAILED, "cannot compare commits") : ret;
}

/* Was it made on top of another capture, and not of what was live? */
static int has_capture(git_repository *repo, const struct capture_branch *b,
		       const git_oid *id, struct err *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < b->nr; i++)
		if (b->v[i].is_capture)
			ret = is_behind(repo, id, &b->v[i].id, err);
	return ret;
}

/* Of several releases that were captured from, the newest. 1 when found. */
static int find_live(git_repository *repo, struct capture_branch *b,
		     struct err *err)
{
	bool found = false;

	for (size_t i = 0; i < b->nr; i++) {
		git_oid id = b->v[i].id;
		int ret;

		if (!b->v[i].is_capture)
			continue;
		if ((ret = first_parent(repo, &id, err)) < 0 ||
		    (ret = has_capture(repo, b, &id, err)) < 0)
			return ret;
		if (!ret && found &&
		    (ret = is_behind(repo, &b->live, &id, err)) < 0)
			return ret;
		if (ret)
			continue;
		b->live = id;
		found = true;
	}
	return found;
}

int capture_branch_read(const struct capture_branch_request *r,
			struct capture_branch *out, struct err *err)
{
	AUTO_CAPTURE_BRANCH struct capture_branch b = { .tip = r->tip };
	git_oid target;
	int ret = check_whole(r->repo, err);

	if (ret < 0 || (ret = review_target_find(r->repo, r->settings, &target,
						 &b.target, err)) < 0)
		return ret;
	ret = b.target ? walk_to_target(r, &target, &b, err)
		       : walk_alone(r, &b, err);
	if (ret < 0)
		return ret;
	turn_round(&b);
	if ((ret = find_live(r->repo, &b, err)) <= 0)
		return ret < 0 ? ret : no_capture(err);
	if (!b.target)
		b.common = b.live;
	b.known = b.target ? target : b.live;
	*out = b;
	b = (struct capture_branch)CAPTURE_BRANCH_INIT;
	return 0;
}
