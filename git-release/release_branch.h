#ifndef RELEASE_BRANCH_H
#define RELEASE_BRANCH_H

#include "common/git/remote.h"
#include "git-release/session.h"

/*
 * The branch that releases come from, as the remote has it now: what is in
 * refs/remotes/ is as old as the last fetch, and a local branch is one
 * person's.
 */
struct release_branch {
	char *name, *remote;
	char *ref; /* "refs/heads/<name>", on the remote */
	git_oid tip;
};
#define RELEASE_BRANCH_INIT                                                    \
	{                                                                      \
		0                                                              \
	}
void release_branch_release(struct release_branch *b);
#define AUTO_RELEASE_BRANCH CLEANUP(release_branch_release)

/*
 * Which branch of which remote, by the settings of the work tree, which this
 * reads. to is --to or NULL; without any environment [release] alone counts.
 */
int release_branch_find(struct session *s, const char *to,
			struct release_branch *out, struct err *err) MUST_CHECK;

/*
 * The tip, out of what remote_list() gave for b->ref, with all its objects.
 * The remote-tracking branch follows as in git fetch.
 */
int release_branch_fetch(struct session *s, struct release_branch *b,
			 const struct remote_refs *refs,
			 struct err *err) MUST_CHECK;

/* Is commit the tip, or an ancestor of it? Below 0 when that cannot be told. */
int release_branch_has(struct session *s, const struct release_branch *b,
		       const git_oid *commit, struct err *err) MUST_CHECK;

#endif
