#ifndef PACKAGE_REMAKE_H
#define PACKAGE_REMAKE_H

#include "common/model/package.h"

/*
 * A server runs a package that this repository does not have: somebody else
 * released it, and the package did not travel. Ids are reproducible, so if the
 * tag is here and ships as it is, the same commit can be made again.
 *
 * True when the repository then has the package "want"; false, without a
 * word, when that cannot be done. No ref is made.
 */
bool package_remake(git_repository *repo, const char *version,
		    const struct build_settings *settings, const git_oid *want);

#endif
