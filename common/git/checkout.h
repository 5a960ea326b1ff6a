#ifndef CHECKOUT_H
#define CHECKOUT_H

#include "common/git/worktrees.h"

/*
 * One work tree that goes from one commit to another, by git itself. All of
 * these take the work tree of "tree", wherever the caller is.
 */
struct checkout {
	git_repository *repo; /* borrowed; has the objects */
	const struct worktree *tree;
	const char *branch; /* for messages */
	const char *again;  /* for hints: "git branch-sync again" */
	git_oid from, to;
};

/*
 * ERR_REFUSED, with the files, when there are changes to what git tracks, or
 * untracked files (ignored ones, too) where the new commit has its own. One
 * that has the new commit's content already is fine.
 */
int checkout_check(const struct checkout *c, struct err *err) MUST_CHECK;

/* Index and files; HEAD and its branch are left alone. */
int checkout_move(const struct checkout *c, struct err *err) MUST_CHECK;

#endif
