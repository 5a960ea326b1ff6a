#ifndef CLEARED_PATHS_H
#define CLEARED_PATHS_H

#include "git-serversync/audited_paths.h"
#include "git-serversync/project_files.h"

/*
 * What Deployer's clear_paths removes from a release, as deploy.php and the
 * files it includes say (common/text/deploy_script.h). Those of Deployer itself
 * are known by name; others are read, and must be in the project.
 */
#define DEPLOY_FILES_MAX 64 /* read for one deploy.php */

struct cleared_paths {
	struct audited_paths paths;
	bool mentioned; /* some file sets clear_paths, if to nothing */
};
#define CLEARED_PATHS_INIT                                                     \
	{                                                                      \
		.paths = AUDITED_PATHS_INIT                                    \
	}

/*
 * out must be fresh. 0 with gap->why set when what is cleared cannot be told.
 * ERR_NOTFOUND when there is no such file, ERR_FAILED when one is not readable.
 */
int cleared_paths_read(const struct project_files *files, const char *path,
		       struct cleared_paths *out, struct audit_gap *gap,
		       struct err *err) MUST_CHECK;
void cleared_paths_release(struct cleared_paths *c);
#define AUTO_CLEARED_PATHS CLEANUP(cleared_paths_release)

#endif
