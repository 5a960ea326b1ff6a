#ifndef CAPTURE_BRANCHES_H
#define CAPTURE_BRANCHES_H

#include "common/git/repo.h"
#include "git-serversync/capture.h"

/*
 * The branches that captures are on: serversync/<environment>/<UTC time>, here
 * and on the remote. Names sort by their time.
 */
#define CAPTURE_BRANCHES "serversync/"

struct capture_ref {
	char *name;	     /* "serversync/production/20261126120000" */
	git_oid here, there; /* all zero: not there */
};

struct capture_branches {
	struct capture_ref *v; /* sorted by name, oldest first */
	size_t nr, alloc;
};
#define CAPTURE_BRANCHES_INIT                                                  \
	{                                                                      \
		0                                                              \
	}
void capture_branches_release(struct capture_branches *b);
#define AUTO_CAPTURE_BRANCHES CLEANUP(capture_branches_release)

/* Those of one environment; remote NULL: only those that are here. */
int capture_branches_list(git_repository *repo, const char *environment,
			  const char *remote, struct capture_branches *out,
			  struct err *err) MUST_CHECK;

/* A name for the time ("20261126120000") that nobody has yet; owned. */
char *capture_branch_name(const struct capture_branches *b,
			  const char *environment, const char *time);

/*
 * Has the newest branch this tree, on top of this live commit, with the reasons
 * that the capture gives? *found is it, or NULL, and *commit its tip. Where it
 * is on the remote alone it is fetched.
 */
struct capture_equal {
	git_repository *repo;
	const char *remote;
	git_oid base, tree;
	const struct capture *capture; /* NULL: its reasons do not matter */
};
int capture_branches_equal(const struct capture_branches *b,
			   const struct capture_equal *e,
			   const struct capture_ref **found, git_oid *commit,
			   struct err *err) MUST_CHECK;

/*
 * The tree of the newest capture that is here, which *out owns; NULL when there
 * is none.
 */
int capture_branches_last(git_repository *repo, const char *environment,
			  git_tree **out, struct err *err) MUST_CHECK;

#endif
