#ifndef PREDICTED_MERGE_H
#define PREDICTED_MERGE_H

#include "git-drift/prediction.h"

/*
 * Makes the merge that was predicted: a commit with ours and the vendor's
 * commit as its parents, on a branch that does not exist yet. Where a person
 * must decide, the tree has what git merge leaves: text with conflict
 * markers, else our file; what the vendor changed and ours deleted as the
 * vendor has it; a file in the way of a directory as "<path>~<label>". No work
 * tree and no index is touched.
 */
struct predicted_merge {
	git_oid ours, theirs;		     /* commits */
	const char *our_label, *their_label; /* in markers and the message */
	const char *branch;		     /* "vendor-5.3.0", to be made */
};

/*
 * The tree that results, written to the repository; nothing else is changed.
 * prediction is of the same trees.
 */
int predicted_merge_tree(git_repository *repo, const struct predicted_merge *m,
			 const struct prediction *prediction, git_oid *tree,
			 struct err *err) MUST_CHECK;

/*
 * The commit and the branch. ERR_REFUSED when the branch exists or its name
 * cannot be one. *commit is set on success.
 */
int predicted_merge_make(git_repository *repo, const struct predicted_merge *m,
			 const struct prediction *prediction, git_oid *commit,
			 struct err *err) MUST_CHECK;

#endif
