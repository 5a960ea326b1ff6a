#ifndef PENDING_H
#define PENDING_H

#include "common/git/tree_delta.h"
#include "common/model/package.h"
#include "git-release/release_branch.h"

/*
 * "git release pending": what is on the release branch and not live yet, and
 * whether that changes anything that ships.
 *
 * What is live is what refs/deployments/<env> says. Whether the difference
 * ships is told from packages where both are there; else from
 * release.codePath, where that is set; else from the trees that would be
 * packaged, with export-ignore, exclude and subdirectory: never from the names
 * that files happen to have.
 */
enum pending_by {
	PENDING_BY_NOTHING, /* nothing is known to be live */
	PENDING_BY_PACKAGES,
	PENDING_BY_CODE_PATH,
	PENDING_BY_FILES, /* what is packaged, nothing being built */
	PENDING_BY_SOURCE /* what the build starts from */
};

struct pending_commit {
	git_oid id;
	int64_t at; /* of the committer, seconds since 1970 */
	char *author, *subject;
};

struct pending_file {
	char status; /* A, D, M, T */
	char *path;
};

struct pending_options {
	const char *to, *commit; /* commit NULL: the release branch */
	bool no_sync;
};

struct pending {
	struct pending_options options;
	struct session session;
	struct release_branch branch;
	char *env;
	char *label; /* "origin/production", or the commit that was named */
	git_oid tip;

	bool known;		   /* something is live */
	git_oid live, live_commit; /* the package; what it was made of */
	struct package package;	   /* tag NULL: a commit of another tool */

	struct pending_commit *commits; /* the newest first */
	size_t nr_commits, alloc_commits;
	size_t behind; /* commits that are live and not on the branch */

	enum pending_by by;
	struct pending_file *files; /* that ship and differ, sorted */
	size_t nr_files, alloc_files;
	bool build_changed; /* commands, subdirectory, exclude */
	struct strvec warnings;
};
void pending_init(struct pending *p);
void pending_release(struct pending *p);
#define AUTO_PENDING CLEANUP(pending_release)

int pending_find(struct pending *p, struct err *err) MUST_CHECK;

/* Is there something to release? */
bool pending_differs(const struct pending *p);

/* The two parts: commits and behind; by, files and build_changed. */
int pending_find_commits(struct pending *p, struct err *err) MUST_CHECK;
int pending_find_files(struct pending *p, struct err *err) MUST_CHECK;

#endif
