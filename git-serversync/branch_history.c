#include "common/base/base.h"
#include "git-serversync/branch_history.h"

#include "common/git/revision.h"

DEFINE_AUTO(git_revwalk *, git_revwalk_free, NULL)
#define AUTO_REVWALK CLEANUP(git_revwalk_free_auto)
DEFINE_AUTO(git_tree_entry *, git_tree_entry_free, NULL)
#define AUTO_TREE_ENTRY CLEANUP(git_tree_entry_free_auto)

struct history {
	git_repository *repo;
	git_tree *common;
	branch_history_fn *fn;
	void *ctx;
};

/* Is it in this parent as it is in the commit? */
static bool is_taken_over(git_repository *repo, const git_oid *parent,
			  const struct tree_change *change)
{
	AUTO_COMMIT git_commit *commit = NULL;
	AUTO_TREE git_tree *tree = NULL;
	AUTO_TREE_ENTRY git_tree_entry *entry = NULL;

	return !git_commit_lookup(&commit, repo, parent) &&
	       !git_commit_tree(&tree, commit) &&
	       !git_tree_entry_bypath(&entry, tree, change->path) &&
	       git_oid_equal(git_tree_entry_id(entry), &change->new_id);
}

static int tell(const struct history *h, git_commit *commit,
		const struct tree_change *found, struct err *err)
{
	AUTO_TREE_ENTRY git_tree_entry *entry = NULL;
	struct tree_change change = *found;
	unsigned int parents = git_commit_parentcount(commit);

	for (unsigned int i = 1; i < parents; i++)
		if (is_taken_over(h->repo, git_commit_parent_id(commit, i), found))
			return 0;
	change.old_mode = 0;
	change.old_id = (git_oid){ 0 };
	if (!git_tree_entry_bypath(&entry, h->common, found->path)) {
		change.old_mode = git_tree_entry_filemode(entry);
		change.old_id = *git_tree_entry_id(entry);
		if (git_oid_equal(&change.old_id, &change.new_id))
			return 0;
	}
	return h->fn(h->ctx, git_commit_id(commit), &change, err);
}

static int look(const struct history *h, const git_oid *id, struct err *err)
{
	AUTO_TREE_DELTA struct tree_delta delta = TREE_DELTA_INIT;
	AUTO_COMMIT git_commit *commit = NULL;
	git_oid old, new;
	bool first;
	int ret = 0;

	if (git_commit_lookup(&commit, h->repo, id) < 0)
		return err_git(err, ERR_FAILED, "cannot read a commit");
	first = !git_commit_parentcount(commit);
	if ((!first && (ret = commit_tree(h->repo, git_commit_parent_id(commit, 0),
					  &old, err)) < 0) ||
	    (ret = commit_tree(h->repo, id, &new, err)) < 0 ||
	    (ret = tree_delta_find(h->repo, first ? NULL : &old, &new, &delta,
				   err)) < 0)
		return ret;
	for (size_t i = 0; !ret && i < delta.nr; i++)
		if (S_ISREG(delta.v[i].new_mode))
			ret = tell(h, commit, &delta.v[i], err);
	return ret;
}

int branch_history_each(git_repository *repo, const struct capture_branch *branch,
			branch_history_fn *fn, void *ctx, struct err *err)
{
	AUTO_REVWALK git_revwalk *walk = NULL;
	AUTO_TREE git_tree *common = NULL;
	struct history h = { .repo = repo, .fn = fn, .ctx = ctx };
	git_oid id;
	int ret = commit_tree(repo, &branch->common, &id, err);

	if (ret < 0)
		return ret;
	if (git_tree_lookup(&common, repo, &id) < 0 ||
	    git_revwalk_new(&walk, repo) < 0 ||
	    git_revwalk_push(walk, &branch->tip) < 0 ||
	    git_revwalk_hide(walk, &branch->known) < 0)
		return err_git(err, ERR_FAILED, "cannot walk the history");
	h.common = common;
	while (!(ret = git_revwalk_next(&id, walk)))
		if ((ret = look(&h, &id, err)) < 0)
			return ret;
	if (ret == GIT_ITEROVER)
		return 0;
	return err_git(err, ERR_FAILED, "cannot walk the history");
}
