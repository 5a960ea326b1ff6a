#ifndef CAPTURE_JOB_H
#define CAPTURE_JOB_H

#include "common/git/config.h"
#include "common/host/host_scan.h"
#include "common/model/server_target.h"
#include "git-serversync/capture.h"
#include "git-serversync/capture_base.h"
#include "git-serversync/capture_branches.h"
#include "git-serversync/capture_review.h"
#include "git-serversync/capture_scope.h"
#include "git-serversync/capture_update.h"
#include "git-serversync/symmetry_audit.h"

/*
 * The main job of "git serversync", step by step:
 *
 *	capture_job_audit()	files alone; nothing goes on where the verdict
 *				is AUDIT_STOP or AUDIT_UNPROVEN
 *	capture_job_connect()	only looks: nothing on the server changes
 *	capture_job_scan()
 *	capture_job_decide()	what changed, and what of it is taken
 *	capture_job_commit()	from here on there is something to see here,
 *	capture_job_push()	and here elsewhere
 *	capture_job_review()
 *
 * Each may fail with ERR_REFUSED: the answer is no, and nothing was changed.
 * Interrupted, the same command finds what it made before and goes on there.
 */
struct capture_options {
	const char *environment; /* NULL: the default one */
	bool dry_run, no_push, no_review, update;
	const char *base;
	struct strvec deletions; /* "<path>=<reason>" */
	bool max_delete_set;
	uint64_t max_delete;
	const struct host_listener *listener;
	void (*verbose)(void *ctx, const char *line);
	void *ctx;
};

struct capture_job {
	struct capture_options options;
	git_repository *repo;
	struct config config;
	struct serversync_settings settings;
	struct environment env;
	struct project_files files;
	struct symmetry_audit audit;
	struct server_target target;
	struct host *host;
	struct host_view view;
	struct scan_report report;
	struct capture_base base;
	struct capture_scope scope;
	struct capture capture;
	struct capture_branches branches;
	git_oid tree; /* of what is captured */
	struct capture_update update;
	bool updating;	     /* there is an open review to go on with */
	bool reused;	     /* an equal capture was there */
	bool pushed;	     /* the remote was read back and has it */
	bool was_pushed;     /* it had it before */
	struct strbuf words; /* of the remote, to the push */
	struct review_access *access;
	struct review_outcome review;
	struct strvec warnings; /* fit to be shown */
};
#define CAPTURE_JOB_INIT                                                       \
	{                                                                      \
		.config = CONFIG_INIT, .settings = SERVERSYNC_SETTINGS_INIT,   \
		.files = PROJECT_FILES_INIT, .audit = SYMMETRY_AUDIT_INIT,     \
		.report = SCAN_REPORT_INIT, .scope = CAPTURE_SCOPE_INIT,       \
		.update = CAPTURE_UPDATE_INIT, .words = STRBUF_INIT            \
	}
void capture_job_release(struct capture_job *job);
#define AUTO_CAPTURE_JOB CLEANUP(capture_job_release)

int capture_job_audit(struct capture_job *job, struct err *err) MUST_CHECK;
int capture_job_connect(struct capture_job *job, struct err *err) MUST_CHECK;
int capture_job_scan(struct capture_job *job, struct err *err) MUST_CHECK;
int capture_job_decide(struct capture_job *job, struct err *err) MUST_CHECK;

/* For capture_job_connect(): could it be kept, and be pushed? */
int capture_job_check(const struct capture_job *job, struct err *err) MUST_CHECK;

/* These are left out where nothing is taken, and by a dry run. */
int capture_job_commit(struct capture_job *job, struct err *err) MUST_CHECK;
int capture_job_push(struct capture_job *job, struct err *err) MUST_CHECK;
int capture_job_review(struct capture_job *job, struct err *err) MUST_CHECK;

/* For capture_publish.c: of the review, before and with the push. */
int capture_job_find_review(struct capture_job *job, struct err *err) MUST_CHECK;
void capture_job_push_options(struct capture_job *job, struct strvec *out);

#endif
