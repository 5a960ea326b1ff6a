#ifndef CAPTURE_REJECT_H
#define CAPTURE_REJECT_H

#include "common/git/config.h"
#include "git-serversync/branch_place.h"
#include "git-serversync/capture_branch.h"

/*
 * Files go out of a capture again: a commit on top of its branch in which they
 * are as they were before. That is as in the commit that was live, or, when
 * the review's target has been merged into the branch since, as in the target.
 * The commit names each in a trailer (capture_trailers.h).
 *
 *	capture_reject_open()	the branch, its captures, what is meant
 *	capture_reject_commit()	the commit, on no branch yet
 *	capture_reject_move()	the branch, on the remote and here
 *
 * Running it again is fine at any time: files that are rejected already need no
 * commit, and the branch goes on its way.
 */
struct capture_reject {
	git_repository *repo; /* borrowed, all three */
	const struct config *cfg;
	const char *branch;
	struct serversync_settings settings;
	struct branch_place place;
	struct capture_branch captured;
	git_oid before;		  /* a commit: where the files come from */
	struct tree_delta *delta; /* from there to the tip */
	struct strvec paths;	  /* what is rejected now, each file, sorted */
	struct strvec edited; /* those that were changed since the capture */
	git_oid commit;	      /* the tip itself when there is nothing to do */
	bool nothing_left;    /* with it the branch changes nothing */
};
#define CAPTURE_REJECT_INIT                                                    \
	{                                                                      \
		.settings = SERVERSYNC_SETTINGS_INIT,                          \
		.place = BRANCH_PLACE_INIT, .captured = CAPTURE_BRANCH_INIT    \
	}
void capture_reject_release(struct capture_reject *r);
#define AUTO_CAPTURE_REJECT CLEANUP(capture_reject_release)

/*
 * r needs repo, cfg and branch. names is NULL-ended: files and directories
 * from the top of the repository, in double quotes as git quotes them or as
 * they are. ERR_NOTFOUND for one that is no part of the capture; ask: as in
 * branch_place_find().
 */
int capture_reject_open(struct capture_reject *r, char *const *names, bool ask,
			struct err *err) MUST_CHECK;

/* ERR_REFUSED when something else stands in the place of a file. */
int capture_reject_commit(struct capture_reject *r, struct err *err) MUST_CHECK;

/* As branch_place_move(). */
int capture_reject_move(struct capture_reject *r, bool push,
			struct err *err) MUST_CHECK;

#endif
