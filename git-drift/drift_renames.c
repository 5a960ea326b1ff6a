#include "common/base/base.h"
#include "git-drift/drift_list.h"

#include "common/base/mem.h"

DEFINE_AUTO(git_diff *, git_diff_free, NULL)
#define AUTO_DIFF CLEANUP(git_diff_free_auto)

static size_t count_status(const struct drift_list *list, char status)
{
	size_t nr = 0;

	for (size_t i = 0; i < list->nr; i++)
		nr += list->v[i].change->status == status;
	return nr;
}

static int find(const struct drift_list *list, git_repository *repo,
		git_diff **out, struct err *err)
{
	git_diff_find_options how = GIT_DIFF_FIND_OPTIONS_INIT;
	AUTO_TREE git_tree *old = NULL;
	AUTO_TREE git_tree *new = NULL;
	AUTO_DIFF git_diff *diff = NULL;

	how.flags = GIT_DIFF_FIND_RENAMES | GIT_DIFF_FIND_DONT_IGNORE_WHITESPACE;
	how.rename_limit = RENAME_LIMIT;
	if (git_tree_lookup(&old, repo, &list->old_tree) < 0 ||
	    git_tree_lookup(&new, repo, &list->new_tree) < 0 ||
	    git_diff_tree_to_tree(&diff, repo, old, new, NULL) < 0 ||
	    git_diff_find_similar(diff, &how) < 0)
		return err_git(err, ERR_FAILED, "cannot look for renames");
	*out = TAKE_PTR(diff);
	return 0;
}

static struct drift_entry *entry_of(struct drift_list *list, const char *path)
{
	const struct tree_change *c = tree_delta_get(&list->delta, path);

	/* Until renames are found there is an entry for each change. */
	return c ? &list->v[c - list->delta.v] : NULL;
}

static void join(struct drift_list *list, const git_diff_delta *delta)
{
	struct drift_entry *from = entry_of(list, delta->old_file.path);
	struct drift_entry *to = entry_of(list, delta->new_file.path);

	/* One that was joined before is no change any more. */
	if (!from || !to || !from->change || from->change->status != 'D' ||
	    to->change->status != 'A')
		return;
	to->from = from->change;
	to->score = delta->similarity;
	from->change = NULL;
}

static void drop_joined(struct drift_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->nr; i++)
		if (list->v[i].change)
			list->v[kept++] = list->v[i];
	list->nr = kept;
}

int drift_list_find_renames(struct drift_list *list, git_repository *repo,
			    bool *skipped, struct err *err)
{
	size_t added = count_status(list, 'A'), gone = count_status(list, 'D');
	AUTO_DIFF git_diff *diff = NULL;

	*skipped = added > RENAME_LIMIT || gone > RENAME_LIMIT;
	if (!added || !gone || *skipped)
		return 0;
	if (find(list, repo, &diff, err) < 0)
		return err->code;
	for (size_t i = 0; i < git_diff_num_deltas(diff); i++) {
		const git_diff_delta *delta = git_diff_get_delta(diff, i);

		if (delta->status == GIT_DELTA_RENAMED)
			join(list, delta);
	}
	drop_joined(list);
	return 0;
}
