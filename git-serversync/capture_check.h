#ifndef CAPTURE_CHECK_H
#define CAPTURE_CHECK_H

#include "common/git/tree_delta.h"
#include "git-serversync/capture_branch.h"
#include "git-serversync/symmetry_audit.h"

/*
 * What has to hold before a capture is merged, whoever has had a hand in the
 * branch: the audit, and of each file that a merge would change that nothing
 * of it is what a capture refuses. Nothing is written, no server and no remote
 * is asked; settings and the audit's files are those of the work tree.
 */
enum capture_finding_kind {
	FINDING_AUDIT,	  /* a path that is cleared, and not protected */
	FINDING_DELETION, /* without a reason */
	FINDING_REASON,	  /* a trailer that cannot be read; path: the commit */
	FINDING_CLEARED,  /* there is something that every deploy clears */
	FINDING_SECRET,
	FINDING_GIT,  /* .git, .gitattributes, .github... */
	FINDING_KIND, /* a submodule, a link that leads out */
	FINDING_SIZE
};

/* "deletion", for programs. */
const char *capture_finding_name(enum capture_finding_kind kind);

struct capture_finding {
	enum capture_finding_kind kind;
	char *path; /* bytes from outside */
	char *what; /* fit to be shown */
};

struct capture_check {
	git_repository *repo; /* borrowed */
	const struct serversync_settings *settings;
	struct capture_branch branch;
	struct symmetry_audit audit;
	struct tree_delta delta; /* what a merge would change */
	struct capture_finding *v;
	size_t nr, alloc;
};
#define CAPTURE_CHECK_INIT                                                     \
	{                                                                      \
		.branch = CAPTURE_BRANCH_INIT, .audit = SYMMETRY_AUDIT_INIT,   \
		.delta = TREE_DELTA_INIT                                       \
	}
void capture_check_release(struct capture_check *c);
#define AUTO_CAPTURE_CHECK CLEANUP(capture_check_release)

/*
 * c needs repo and settings; tip is the commit of the branch. Findings are no
 * error. Fails as capture_branch_read() and symmetry_audit_run() do.
 */
int capture_check_run(struct capture_check *c, const git_oid *tip,
		      const struct project_files *files,
		      struct err *err) MUST_CHECK;

#endif
