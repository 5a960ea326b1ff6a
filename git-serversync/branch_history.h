#ifndef BRANCH_HISTORY_H
#define BRANCH_HISTORY_H

#include "common/git/tree_delta.h"
#include "git-serversync/capture_branch.h"

/*
 * What the commits of a branch hold, and its tip may not hold any more: a merge
 * brings all of them, and so does whoever fetches the branch.
 *
 * Calls fn for each regular file that a commit behind the target has made or
 * changed, whatever became of it: new_id is its content there, old_* what a
 * merge would meet (branch->common). Files as they are there are left out, and
 * so is what a merge took over from either side. Stops when fn fails.
 */
typedef int branch_history_fn(void *ctx, const git_oid *commit,
			      const struct tree_change *change, struct err *err);
int branch_history_each(git_repository *repo, const struct capture_branch *branch,
			branch_history_fn *fn, void *ctx,
			struct err *err) MUST_CHECK;

#endif
