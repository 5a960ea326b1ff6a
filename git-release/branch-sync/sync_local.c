#include "common/base/base.h"
#include "git-release/branch-sync/sync_local.h"
#include "common/git/checkout.h"
#include "common/git/ref_transaction.h"
#include "common/sys/fault.h"
#include "common/text/quote.h"

/* A branch may even be checked out twice: each work tree is asked for. */
static struct sync_branch *branch_of(const struct sync_job *job,
				     const struct worktree *tree)
{
	if (!tree->head || !tree->path)
		return NULL;
	for (size_t i = 0; i < job->nr; i++)
		if (!strcmp(job->branches[i].ref, tree->head))
			return sync_moves_local(&job->branches[i])
				       ? &job->branches[i]
				       : NULL;
	return NULL;
}

/* The next work tree that is to move, from the i-th on; i is then behind it. */
static bool next_checkout(const struct sync_job *job, size_t *i,
			  struct checkout *c)
{
	while (*i < job->trees.nr) {
		const struct worktree *tree = &job->trees.v[(*i)++];
		const struct sync_branch *b = branch_of(job, tree);

		if (!b)
			continue;
		*c = (struct checkout){ .repo = job->repo,
					.tree = tree,
					.branch = b->name,
					.again = "git branch-sync again",
					.from = b->local.id,
					.to = job->source };
		return true;
	}
	return false;
}

static int check_busy(const struct sync_job *job, const struct worktree *tree,
		      struct err *err)
{
	for (size_t i = 0; i < job->nr; i++) {
		const char *what = worktree_busy(tree, job->branches[i].ref);
		const char *where = tree->path ? tree->path : tree->git_dir;
		AUTO_STRBUF struct strbuf path = STRBUF_INIT;

		if (!what)
			continue;
		quote_text(&path, where, strlen(where));
		err_set(err, ERR_REFUSED, "%s of '%s' is under way in '%s'",
			what, job->branches[i].name, path.buf);
		return err_hint(err, "git -C %s status says how to end it",
				path.buf);
	}
	return 0;
}

int sync_local_check(struct sync_job *job, struct err *err)
{
	int ret = worktrees_list(job->repo, &job->trees, err);
	struct checkout c;

	for (size_t i = 0; !ret && i < job->trees.nr; i++)
		ret = check_busy(job, &job->trees.v[i], err);
	for (size_t i = 0; !ret && next_checkout(job, &i, &c);)
		ret = checkout_check(&c, err);
	return ret;
}

static int move_tracking(struct sync_job *job, struct ref_transaction *tx,
			 struct err *err)
{
	AUTO_ERR struct err ignored = ERR_INIT;
	int ret = 0;

	for (size_t i = 0; !ret && i < job->nr; i++) {
		const struct sync_branch *b = &job->branches[i];
		git_oid now;

		if (!repo_ref_id(job->repo, b->tracking, &now, &ignored) &&
		    !git_oid_equal(&now, &job->source))
			ret = ref_transaction_move(tx, b->tracking, NULL,
						   &job->source, err);
	}
	return ret;
}

/*
 * Another run, or git push itself where the branches here are what it keeps
 * track of the remote's with, may have moved it meanwhile.
 */
static bool is_moved(const struct sync_job *job, const struct sync_branch *b)
{
	AUTO_ERR struct err ignored = ERR_INIT;
	git_oid now;

	return !repo_ref_id(job->repo, b->ref, &now, &ignored) &&
	       git_oid_equal(&now, &job->source);
}

static int lock_branches(struct sync_job *job, struct ref_transaction *tx,
			 struct err *err)
{
	AUTO_STRBUF struct strbuf message = STRBUF_INIT;
	int ret;

	strbuf_addf(&message, "branch-sync: fast-forward to %s/%s", job->remote,
		    job->from);
	if (fault("branch-sync lock"))
		return err_sys(err, "cannot lock the branches");
	ret = ref_transaction_start(tx, job->repo, message.buf, err);
	for (size_t i = 0; !ret && i < job->nr; i++) {
		struct sync_branch *b = &job->branches[i];

		if (!sync_moves_local(b))
			continue;
		b->moved = is_moved(job, b);
		ret = ref_transaction_move(tx, b->ref,
					   b->moved ? &job->source : &b->local.id,
					   &job->source, err);
	}
	if (!ret)
		ret = move_tracking(job, tx, err);
	return ret < 0 ? ret : ref_transaction_prepare(tx, err);
}

static bool was_moved(const struct sync_job *job, const char *branch)
{
	for (size_t i = 0; i < job->nr; i++)
		if (!strcmp(job->branches[i].name, branch))
			return job->branches[i].moved;
	return false;
}

/* The first "nr" work trees go back to where they were. */
static int move_back(const struct sync_job *job, size_t nr, struct err *err)
{
	AUTO_ERR struct err lost = ERR_INIT;
	struct checkout c;

	for (size_t i = 0; next_checkout(job, &i, &c) && i <= nr;) {
		struct checkout back = c;

		if (was_moved(job, c.branch))
			continue;
		back.from = c.to;
		back.to = c.from;
		if (checkout_move(&back, &lost) < 0)
			strbuf_addf(&err->msg, "; '%s' cannot be taken back: %s",
				    c.branch, lost.msg.buf);
	}
	return err->code;
}

static int move_trees(const struct sync_job *job, struct err *err)
{
	struct checkout c;

	for (size_t i = 0; next_checkout(job, &i, &c);)
		if (checkout_move(&c, err) < 0)
			return move_back(job, i - 1, err);
	return 0;
}

/* All of them are there, and what is known of the remote's as well. */
static bool is_done(const struct sync_job *job)
{
	AUTO_ERR struct err ignored = ERR_INIT;

	for (size_t i = 0; i < job->nr; i++) {
		const struct sync_branch *b = &job->branches[i];
		git_oid now;

		if (sync_moves_local(b) ||
		    repo_ref_id(job->repo, b->tracking, &now, &ignored) < 0 ||
		    !git_oid_equal(&now, &job->source))
			return false;
	}
	return true;
}

static int move_all(struct sync_job *job, struct err *err)
{
	AUTO_REF_TRANSACTION struct ref_transaction tx = REF_TRANSACTION_INIT;
	int ret;

	if (is_done(job))
		return 0;
	if ((ret = lock_branches(job, &tx, err)) < 0 ||
	    (ret = move_trees(job, err)) < 0)
		return ret;
	if (fault("branch-sync refs")) {
		err_sys(err, "cannot move the branches");
		return move_back(job, job->trees.nr, err);
	}
	if (ref_transaction_commit(&tx, err) < 0)
		return move_back(job, job->trees.nr, err);
	(void)fault("branch-sync done");
	return 0;
}

static bool any_moved(const struct sync_job *job)
{
	for (size_t i = 0; i < job->nr; i++)
		if (sync_moves_local(&job->branches[i]) &&
		    is_moved(job, &job->branches[i]))
			return true;
	return false;
}

int sync_local_move(struct sync_job *job, struct err *err)
{
	int ret = move_all(job, err);

	if (ret != ERR_REFUSED || !any_moved(job))
		return ret;
	/* Behind our look at them, and before we had the locks. */
	err_release(err);
	return move_all(job, err);
}
