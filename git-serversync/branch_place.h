#ifndef BRANCH_PLACE_H
#define BRANCH_PLACE_H

#include "common/git/worktrees.h"

/*
 * A branch that is here, on a remote, or both, and that gets one more commit:
 *
 *	branch_place_find()	where it is, and which tip is ahead
 *	branch_place_move()	there and here, or nowhere
 *
 * Nothing is ever forced: of two tips one must be in the other's history.
 */
struct branch_place {
	git_repository *repo; /* borrowed */
	char *name, *ref;     /* "refs/heads/<name>" */
	char *remote;	      /* NULL: there is none */
	bool is_here, is_there;
	git_oid here, there;
	git_oid tip; /* what it is, of the two */
	struct worktrees trees;
};
#define BRANCH_PLACE_INIT                                                      \
	{                                                                      \
		.trees = WORKTREES_INIT                                        \
	}
void branch_place_release(struct branch_place *p);
#define AUTO_BRANCH_PLACE CLEANUP(branch_place_release)

/*
 * p must be fresh. The remote is asked when ask is set, and when the branch is
 * not here; its commits are fetched. A remote that is not configured is none.
 * ERR_NOTFOUND when there is no such branch, ERR_REFUSED when it is not the
 * same history here and there.
 */
struct branch_place_request {
	git_repository *repo;
	const char *name, *remote;
	bool ask;
};
int branch_place_find(struct branch_place *p,
		      const struct branch_place_request *r,
		      struct err *err) MUST_CHECK;

/*
 * Moves it from its tip to the commit, which has the tip in its history. With
 * push the remote's moves, if it has one, and is read back; the one here
 * follows, with the work trees that have it checked out, and is made where
 * nothing else would hold the commit. ERR_REFUSED when a work tree would lose
 * something, when somebody moved it meanwhile, or the remote said no: nothing
 * has moved then. ERR_UNKNOWN says what to look at.
 */
struct branch_move {
	git_oid to;
	bool push;
	const char *message; /* for the log of the ref */
	const char *again;   /* for hints: "git serversync reject again" */
};
int branch_place_move(struct branch_place *p, const struct branch_move *m,
		      struct err *err) MUST_CHECK;

/* It will be, or was, pushed with these. */
bool branch_place_pushes(const struct branch_place *p,
			 const struct branch_move *m);

#endif
