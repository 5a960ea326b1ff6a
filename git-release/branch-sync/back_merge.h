#ifndef BACK_MERGE_H
#define BACK_MERGE_H

#include "git-release/branch-sync/sync_job.h"

/*
 * A review request instead of a fast-forward, for a branch that runs ahead of
 * the source: a branch of its own is pushed at the source's tip, from which
 * the request is opened. Conflicts are then resolved there, never on the
 * source.
 */
struct back_merge {
	char *branch;	   /* "back-merge/production-into-staging-abc1234" */
	struct strbuf url; /* where the request is opened; may be empty */
	bool needed;	   /* the branch lacks something of the source */
};
#define BACK_MERGE_INIT                                                        \
	{                                                                      \
		.url = STRBUF_INIT                                             \
	}
void back_merge_release(struct back_merge *bm);
#define AUTO_BACK_MERGE CLEANUP(back_merge_release)

/* What there is to do, of a job that has one branch and is judged. */
void back_merge_plan(const struct sync_job *job, struct back_merge *out);

/*
 * Pushes the branch and reads it back. One that is there already at this
 * commit is fine. What the remote answers may tell the url. ERR_UNKNOWN when it
 * cannot be seen whether it is there.
 */
int back_merge_push(const struct sync_job *job, struct back_merge *bm,
		    struct err *err) MUST_CHECK;

#endif
