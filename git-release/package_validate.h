#ifndef PACKAGE_VALIDATE_H
#define PACKAGE_VALIDATE_H

#include "git-release/package_build.h"

/*
 * The commands of "validate", on a package that is there already: built here
 * for another environment or without one, or built by somebody else.
 *
 * <common dir>/git-release/validated remembers which commands passed on which
 * package, so that what passed for staging is not tried again for production
 * if that asks for the same. It is a cache: a line that is lost costs a run.
 */

/* Have req->validate passed on this package? True when there are none. */
bool package_validated(git_repository *repo, const git_oid *package,
		       const struct strvec *commands);

/* They just did. */
void package_validated_keep(git_repository *repo, const git_oid *package,
			    const struct strvec *commands);

/*
 * Runs them on an export of the package, file for file as it ships, unless
 * they have passed before. ERR_UNDONE when one fails.
 */
int package_validate(git_repository *repo, const git_oid *package,
		     const struct build_request *req, struct err *err) MUST_CHECK;

#endif
