#ifndef SWITCH_JOB_H
#define SWITCH_JOB_H

#include "common/host/host.h"
#include "common/model/records_sync.h"
#include "git-release/session.h"

/*
 * "rollback" and "activate": current goes to a release that is there already.
 * One connection: the view comes with its greeting, and the decision is sent
 * right after it.
 *
 *	switch_check	settings, before any contact
 *	switch_choose	the server, its lock, the release that is meant
 *	switch_run	the decision and post hooks
 *	switch_record	refs, notes; only warns
 */
struct switch_options {
	bool rollback;	    /* what is live now is given up */
	const char *to;	    /* environment, or NULL */
	const char *target; /* id or version; NULL: the previous good one */
	bool dry_run;
	bool no_sync;
	uint64_t wait_ms;
	const struct host_listener *listener;
	void (*verbose)(void *ctx, const char *line);
	void *ctx;
};

struct switch_job {
	struct switch_options options;
	struct session session;
	struct host *host;
	struct host_view view;
	const struct host_release *target; /* in the view */
	bool is_live;			   /* and proven: nothing to do */
	struct records_sync sync;
	struct strvec warnings;
};
#define SWITCH_JOB_INIT                                                        \
	{                                                                      \
		.sync = RECORDS_SYNC_INIT                                      \
	}
void switch_job_release(struct switch_job *job);
#define AUTO_SWITCH_JOB CLEANUP(switch_job_release)

int switch_check(struct switch_job *job, struct err *err) MUST_CHECK;
int switch_choose(struct switch_job *job, struct err *err) MUST_CHECK;
int switch_run(struct switch_job *job, struct err *err) MUST_CHECK;
void switch_record(struct switch_job *job, const struct err *failure);

/* The request to the agent; apart for tests. */
void switch_request(const struct switch_job *job, struct strbuf *out);

#endif
