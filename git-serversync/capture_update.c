#include "common/base/base.h"
#include "git-serversync/capture_update.h"

#include "common/git/revision.h"
#include "common/git/tree_delta.h"
#include "git-serversync/capture_branch.h"
#include "git-serversync/capture_commit.h"
#include "git-serversync/capture_reasons.h"

void capture_update_release(struct capture_update *u)
{
	branch_place_release(&u->place);
}

/* The tree of the newest capture on the branch. */
static int last_tree(const struct capture_update *u,
		     const struct capture_update_request *req, git_oid *tree,
		     struct err *err)
{
	const struct capture_branch_request r = { .repo = req->repo,
						  .settings = req->settings,
						  .tip = u->place.tip };
	AUTO_CAPTURE_BRANCH struct capture_branch b = CAPTURE_BRANCH_INIT;
	size_t i;

	if (capture_branch_read(&r, &b, err) < 0)
		return err->code;
	for (i = b.nr; i && !b.v[i - 1].is_capture; i--)
		;
	if (!i)
		return err_set(err, ERR_NOTFOUND, "'%s' has no capture on it",
			       u->place.name);
	return commit_tree(req->repo, &b.v[i - 1].id, tree, err);
}

static int make_capture(const struct capture_update_request *req,
			struct capture *c, struct err *err)
{
	struct capture_commit_request commit = { .repo = req->repo,
						 .tree = req->tree,
						 .parents = { req->base },
						 .nr_parents = 1,
						 .sign = req->sign };
	AUTO_STRBUF struct strbuf message = STRBUF_INIT;

	capture_message(c, &message);
	commit.message = message.buf;
	return capture_commit_make(&commit, &c->commit, err);
}

static int make_merge(struct capture_update *u,
		      const struct capture_update_request *req,
		      const git_oid *tree, const struct capture *c,
		      struct err *err)
{
	struct capture_commit_request commit = { .repo = req->repo,
						 .tree = *tree,
						 .parents = { u->place.tip,
							      c->commit },
						 .nr_parents = 2,
						 .sign = req->sign };
	AUTO_STRBUF struct strbuf message = STRBUF_INIT;

	strbuf_addf(&message,
		    "Go on with the capture of %s\n\n"
		    "What changed on the server since the last one.\n",
		    c->environment);
	commit.message = message.buf;
	return capture_commit_make(&commit, &u->to, err);
}

int capture_update_make(struct capture_update *u,
			const struct capture_update_request *req,
			struct capture *c, struct err *err)
{
	AUTO_TREE_DELTA struct tree_delta changes = TREE_DELTA_INIT;
	git_oid last, tip, tree;

	if (last_tree(u, req, &last, err) < 0)
		return err->code;
	if (git_oid_equal(&last, &req->tree) &&
	    capture_reasons_given(req->repo, &u->place.tip, c))
		return 0;
	if (commit_tree(req->repo, &u->place.tip, &tip, err) < 0 ||
	    tree_delta_find(req->repo, &last, &req->tree, &changes, err) < 0)
		return err->code;
	if (capture_tree_follow(req->repo, &tip, &changes, &tree, err) < 0)
		return err_hint(err, "without --update a branch of its own is "
				     "made");
	if (make_capture(req, c, err) < 0)
		return err->code;
	return make_merge(u, req, &tree, c, err);
}
