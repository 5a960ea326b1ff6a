#ifndef RELEASE_JOB_H
#define RELEASE_JOB_H

#include "common/host/host_ship.h"
#include "common/model/package.h"
#include "common/model/records_sync.h"
#include "common/text/edit_judge.h"
#include "git-release/edit_report.h"
#include "git-release/package_build.h"
#include "git-release/session.h"
#include "git-release/ship_source.h"

/*
 * The main job, step by step. cmd_release.c calls the steps in this order,
 * and shows what each one found:
 *
 *	release_prepare		tag, settings, server, lock, gates
 *	release_build		the package, built or found
 *	release_ship		what changed, linked, hooks, sealed
 *	release_activate	the decision, post hooks, old releases
 *	release_record		refs, notes; only warns
 *
 * Until release_activate() everything can be left at any time: closing the
 * session makes the agent undo what was done.
 */
struct release_options {
	const char *version, *to;
	bool again; /* although it is live already */
	bool rebuild;
	bool allow_older;
	bool discard_edits; /* what was edited on the server may go */
	bool dry_run;
	bool no_sync; /* neither fetch nor push packages and records */
	uint64_t wait_ms;
	const struct host_listener *listener;
	/* See struct build_request. */
	void (*output)(void *ctx, const char *data, size_t len);
	void (*step)(void *ctx, const char *command);
	void (*verbose)(void *ctx, const char *line);
	void *ctx;
};

struct release_job {
	struct release_options options;
	struct session session;
	struct host *host;
	struct host_view view;
	struct package package;
	struct build_report build;
	bool built; /* while connecting, with this result */
	struct err build_err;
	char *package_from; /* the environment it was fetched from, or NULL */
	bool is_live;	    /* this package is live already */
	bool unproven;	    /* it is, but its post hooks never passed */
	bool decided;	    /* "activate" was sent: no way back by closing */
	char *id;	    /* on the server, once shipped */
	struct manifest manifest, base;
	bool have_base;
	struct ship_source source; /* of what is sent */
	struct edit_report edits;  /* what the guard found */
	size_t changed;		   /* files sent, by the manifests */
	uint64_t size;		   /* bytes of all files */
	uint64_t sent, received;
	struct records_sync sync; /* under way while we connect */
	struct strvec warnings;	  /* of what only warns */
};
#define RELEASE_JOB_INIT                                                       \
	{                                                                      \
		.manifest = MANIFEST_INIT, .base = MANIFEST_INIT,              \
		.build_err = ERR_INIT, .sync = RECORDS_SYNC_INIT,              \
		.source = SHIP_SOURCE_INIT                                     \
	}
void release_job_release(struct release_job *job);
#define AUTO_RELEASE_JOB CLEANUP(release_job_release)

/* Tag and settings, before any contact. */
int release_check(struct release_job *job, struct err *err) MUST_CHECK;
/* The server: lock, what is live, what speaks against it. */
int release_prepare(struct release_job *job, struct err *err) MUST_CHECK;
/*
 * A package that has to be built, and that nobody pushed: fetched from this
 * server or that of another environment, if one has it. Else only warns.
 */
int release_fetch(struct release_job *job, struct err *err) MUST_CHECK;
int release_build(struct release_job *job, struct err *err) MUST_CHECK;
int release_ship(struct release_job *job, struct err *err) MUST_CHECK;
int release_activate(struct release_job *job, struct err *err) MUST_CHECK;
void release_record(struct release_job *job, const struct err *failure);

/* The serversync.exclude patterns: what matches is no edit on the server. */
void release_edits_excluded(const struct session *s, struct setting_list *out);

/* What was captured and merged since what is live was made, if that is here. */
void release_edits_known(const struct release_job *job, struct edit_judge *out);

/* The version of what is live, "" when it has none: borrowed. */
const char *release_live_version(const struct release_job *job);

#endif
