#ifndef CHECKED_BRANCH_H
#define CHECKED_BRANCH_H

#include "git-serversync/capture_branch.h"

/*
 * The branch that a person, or a job of a CI, means. Without a name it is
 * HEAD, detached or not; a name is that of a branch here, else of one of the
 * remote as it was fetched last (serversync.remote, or in front of the name).
 * Its environment is that of the name, or of the newest capture near it.
 */
struct checked_branch {
	char *name; /* "origin/serversync/...", "HEAD" */
	git_oid tip;
};
#define CHECKED_BRANCH_INIT                                                    \
	{                                                                      \
		.name = NULL                                                   \
	}
void checked_branch_release(struct checked_branch *b);
#define AUTO_CHECKED_BRANCH CLEANUP(checked_branch_release)

/*
 * settings must be fresh, and gets those of the environment. ERR_NOTFOUND when
 * there is no such branch, or no capture.
 */
struct checked_branch_request {
	git_repository *repo;
	const struct config *cfg;
	const char *name; /* NULL: HEAD */
};
int checked_branch_find(const struct checked_branch_request *r,
			struct checked_branch *out,
			struct serversync_settings *settings,
			struct err *err) MUST_CHECK;

#endif
