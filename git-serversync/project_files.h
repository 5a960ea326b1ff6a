#ifndef PROJECT_FILES_H
#define PROJECT_FILES_H

#include "common/git/repo.h"

/*
 * The files of the project as they are now: those of the work tree, or of HEAD
 * in a bare repository. No link is followed, as it could lead anywhere.
 */
struct project_files {
	int dir;	      /* the top of the work tree; -1: there is none */
	git_tree *head;	      /* of a bare repository; NULL: no commit yet */
	git_repository *repo; /* borrowed */
};
#define PROJECT_FILES_INIT                                                     \
	{                                                                      \
		.dir = -1                                                      \
	}

int project_files_open(struct project_files *p, git_repository *repo,
		       struct err *err) MUST_CHECK;
void project_files_release(struct project_files *p);
#define AUTO_PROJECT_FILES CLEANUP(project_files_release)

/*
 * Appends the file at a normalised path. ERR_NOTFOUND when there is nothing;
 * ERR_FAILED when it is no file, or has more than max bytes.
 */
int project_files_read(const struct project_files *p, const char *path,
		       size_t max, struct strbuf *out,
		       struct err *err) MUST_CHECK;
bool project_files_have(const struct project_files *p, const char *path);

#endif
