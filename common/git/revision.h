#ifndef REVISION_H
#define REVISION_H

#include "common/git/repo.h"

/*
 * What revision names, peeled to a commit: ERR_NOTFOUND, or ERR_FAILED when it
 * is something else. The name is shown quoted.
 */
int revision_commit(git_repository *repo, const char *revision, git_oid *id,
		    struct err *err) MUST_CHECK;

/* The same of a ref by its full name; false when there is no commit there. */
bool revision_of_ref(git_repository *repo, const char *ref, git_oid *id);

int commit_tree(git_repository *repo, const git_oid *commit, git_oid *tree,
		struct err *err) MUST_CHECK;

#endif
