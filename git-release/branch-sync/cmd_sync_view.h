#ifndef CMD_SYNC_VIEW_H
#define CMD_SYNC_VIEW_H

#include "git-release/branch-sync/back_merge.h"
#include "git-release/branch-sync/sync_job.h"

/* What a run shows: the verdicts as a table, the rest below, or as JSON. */
struct sync_view {
	const struct sync_job *job;
	int verbosity;
	bool dry_run;
	const char *finish;	   /* the branch it ended on, or NULL */
	const struct strvec *left; /* what is left to do then */
};

/* The table; quiet: only what has diverged. */
void sync_view_verdicts(const struct sync_view *view);

/* The commits of each branch that has diverged, and what to do. */
void sync_view_divergence(const struct sync_view *view);

/* What was moved, or would be; and what is left. */
void sync_view_result(const struct sync_view *view);

/* One document with all of it; result is "moved", "diverged"... */
void sync_view_json(const struct sync_view *view, const char *result);

void sync_view_back_merge(const struct sync_view *view,
			  const struct back_merge *bm);
void sync_view_back_merge_json(const struct sync_view *view,
			       const struct back_merge *bm);

#endif
