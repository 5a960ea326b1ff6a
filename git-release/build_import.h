#ifndef BUILD_IMPORT_H
#define BUILD_IMPORT_H

#include "common/base/strvec.h"
#include "common/git/scratch.h"

/*
 * Puts the directory tree into the object database of repo, as one pack with
 * what is not there yet, and sets *id to its git tree. Modes become 100755
 * where the owner may execute, else 100644. env is what scratch_repo() gave:
 * the commit that git fast-import wants to make goes to a ref of the scratch
 * repository, so that nothing but objects reaches the user's own.
 *
 * ERR_REFUSED when a file holds the scratch directory's name: it was built to
 * work in a directory that will be gone, and nowhere else. ERR_REFUSED too
 * when there is no file at all.
 */
int build_import(git_repository *repo, const struct scratch *scratch, int tree,
		 const struct strvec *env, git_oid *id,
		 struct err *err) MUST_CHECK;

#endif
