#ifndef SYMMETRY_AUDIT_H
#define SYMMETRY_AUDIT_H

#include "git-serversync/cleared_paths.h"
#include "git-serversync/serversync_settings.h"
#include "git-serversync/workflow_paths.h"

/*
 * The audit that comes before every capture. What a deploy clears away is not
 * on the server; a capture would take it for deleted there, and propose to
 * delete it in git. So each clear_path of deploy.php must be protected: by
 * GIT_ONLY_PATHS of the environment's workflow, or by serversync.gitOnly.
 *
 * It fails closed: AUDIT_OK only when everything was read and each path is
 * provably protected. AUDIT_NOTHING is as good for what git release has
 * released, and only for that: the environment has a url, there is no sign of
 * Deployer, and nothing is set that says what is cleared or kept.
 */
enum audit_verdict {
	AUDIT_OK,
	AUDIT_STOP,	/* some are not protected */
	AUDIT_UNPROVEN, /* nothing is known, see gap */
	AUDIT_NOTHING	/* there is no deploy file: git release clears nothing,
			   and of other releases nothing is known */
};

struct symmetry_audit {
	enum audit_verdict verdict;
	/* Where the two sides are written: "deploy.php" (NULL: there is none),
	 * "serversync.gitOnly in .gitrelease", or the workflow. */
	char *cleared_by, *protected_by;
	bool by_workflow;
	struct cleared_paths cleared;
	struct audited_paths kept;
	/* Of each cleared one: is it protected? Of each kept: is it used? */
	bool *is_protected, *is_cleared;
	size_t nr_unprotected, nr_unused;
	struct audit_gap gap;
	/* The workflow as it was read; for workflow_patch(). */
	struct strbuf workflow_bytes;
	struct workflow_paths workflow;
};
#define SYMMETRY_AUDIT_INIT                                                    \
	{                                                                      \
		.gap = AUDIT_GAP_INIT, .workflow_bytes = STRBUF_INIT           \
	}

/*
 * a must be fresh. Nothing but files is looked at. An error (ERR_FAILED) says
 * that a file is missing, unreadable or no YAML: then nothing is known.
 */
int symmetry_audit_run(const struct serversync_settings *settings,
		       const struct project_files *files,
		       struct symmetry_audit *a, struct err *err) MUST_CHECK;
void symmetry_audit_release(struct symmetry_audit *a);
#define AUTO_SYMMETRY_AUDIT CLEANUP(symmetry_audit_release)

#endif
