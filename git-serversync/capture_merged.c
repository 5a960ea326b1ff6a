#include "common/base/base.h"
#include "git-serversync/capture_merged.h"

#include "git-serversync/review_target.h"

static void free_entry(git_tree_entry **e)
{
	git_tree_entry_free(*e);
}

static bool has_it(const git_tree *tree, const struct capture_file *f)
{
	CLEANUP(free_entry) git_tree_entry *e = NULL;

	if (git_tree_entry_bypath(&e, tree, f->git_path) < 0)
		return f->status == 'D';
	return f->status != 'D' &&
	       git_tree_entry_filemode(e) == (git_filemode_t)f->mode &&
	       !memcmp(git_tree_entry_id(e)->id, f->oid.b, sizeof(f->oid.b));
}

static int drop(git_repository *repo, const git_oid *target, struct capture *c,
		struct err *err)
{
	AUTO_COMMIT git_commit *commit = NULL;
	AUTO_TREE git_tree *tree = NULL;
	size_t kept = 0;

	if (git_commit_lookup(&commit, repo, target) < 0 ||
	    git_commit_tree(&tree, commit) < 0)
		return err_git(err, ERR_FAILED,
			       "cannot read the review's target");
	for (size_t i = 0; i < c->nr; i++) {
		if (has_it(tree, &c->v[i]))
			capture_file_release(&c->v[i]);
		else
			c->v[kept++] = c->v[i];
	}
	c->nr_merged = c->nr - kept;
	c->nr = kept;
	return 0;
}

int capture_merged_drop(git_repository *repo,
			const struct serversync_settings *settings,
			struct capture *c, struct err *err)
{
	AUTO_ERR struct err unknown = ERR_INIT;
	git_oid target;

	/* A target that is not known has nothing; the review will need it. */
	if (review_target_find(repo, settings, &target, &c->target, &unknown) !=
		    1 ||
	    git_graph_descendant_of(repo, &target, &c->base) != 1)
		return 0;
	return drop(repo, &target, c, err);
}
