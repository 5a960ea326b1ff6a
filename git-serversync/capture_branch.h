#ifndef CAPTURE_BRANCH_H
#define CAPTURE_BRANCH_H

#include "common/git/capture_trailers.h"
#include "common/git/repo.h"
#include "git-serversync/serversync_settings.h"

/*
 * A branch with captures on it, as its commits tell (capture_trailers.h):
 *
 *	o---o---T			the review's target
 *	     \
 *	      B---C---R---p---M		capture, rejection, somebody's commit
 *	       \             /
 *	        ----------C'		a later capture, merged into it
 *
 * Its captures are those that the target does not have yet. What was live (B)
 * is the first parent of a capture, of the newest release that was captured
 * from. What a merge would change is told against the best common ancestor
 * with the target: it is B, a commit before it when the target lacks B, or a
 * later one when the target was merged into the branch.
 */
#define CAPTURE_BRANCH_PREFIX "serversync/"

/* More than this between branch and target: the target is not the one. */
#define CAPTURE_BRANCH_COMMITS_MAX 10000u

/* A commit that says something: a capture, a rejection, a reason. */
struct capture_said {
	git_oid id;
	struct capture_trailers trailers;
	bool is_capture;
};

struct capture_branch {
	git_oid tip, common, live; /* live: B above */
	git_oid known;		   /* the target; without one, B */
	char *target;		   /* "origin/main"; NULL: it is not known */
	struct capture_said *v;	   /* the oldest first */
	size_t nr, alloc;
};
#define CAPTURE_BRANCH_INIT                                                    \
	{                                                                      \
		.target = NULL                                                 \
	}
void capture_branch_release(struct capture_branch *b);
#define AUTO_CAPTURE_BRANCH CLEANUP(capture_branch_release)

/* Appends <env> of "serversync/<env>/<time>"; false for any other name. */
bool capture_branch_environment(const char *name, struct strbuf *out);

/*
 * The same from the newest capture that a commit has in its history, by its
 * subject. ERR_NOTFOUND when there is none near.
 */
int capture_commit_environment(git_repository *repo, const git_oid *tip,
			       struct strbuf *out, struct err *err) MUST_CHECK;

/*
 * out must be fresh. The target is serversync.target as the remote has it by
 * what was fetched last, or here; when none is set, the remote's HEAD. Without
 * any the branch is told against what was live. ERR_NOTFOUND when there is no
 * capture on it; ERR_FAILED when the target that is set is not there, when only
 * a target could tell which captures count, or commits are missing (a shallow
 * clone).
 */
struct capture_branch_request {
	git_repository *repo;
	const struct serversync_settings *settings;
	git_oid tip;
};
int capture_branch_read(const struct capture_branch_request *r,
			struct capture_branch *out, struct err *err) MUST_CHECK;

#endif
