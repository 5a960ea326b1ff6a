#ifndef CAPTURE_CHANGES_H
#define CAPTURE_CHANGES_H

#include "common/git/repo.h"
#include "common/wire/scan_report.h"
#include "git-serversync/capture.h"
#include "git-serversync/capture_scope.h"

/*
 * From what the agent saw to what changed against git.
 *
 * For a release that we sealed the report has what differs from it. For one of
 * another tool, and for a plain checkout, it has every file, and git says what
 * else should be there: the tree of the live commit, less what is marked
 * export-ignore there.
 *
 * What is the same as in the live commit or in the package is no change: build
 * products are compared with what was built. What is gone is a deletion only
 * when it was expected, is a file of the commit, and was looked for: below a
 * directory that could not be read everything stays.
 */
struct capture_sources {
	git_repository *repo;
	git_oid base, base_tree;  /* the live commit, all of its tree */
	bool has_package;	  /* sealed, and it is in this repository */
	git_oid package_tree;	  /* what was shipped: paths of the release */
	const char *subdirectory; /* of the tree; NULL: all of it */
	const struct capture_scope *scope;
};

/*
 * Adds files and what is ignored to out, which must hold none yet, and what is
 * unknown. ERR_REFUSED when none of the files that must be there is: what was
 * looked at is no longer the release.
 */
int capture_changes_find(const struct capture_sources *from,
			 const struct scan_report *report, struct capture *out,
			 struct err *err) MUST_CHECK;

#endif
