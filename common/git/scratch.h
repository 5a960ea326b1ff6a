#ifndef SCRATCH_H
#define SCRATCH_H

#include "common/base/strvec.h"
#include "common/git/repo.h"

/*
 * A private directory (mode 0700) for one piece of work:
 * <common dir>/git-release/tmp/<token>, removed when its owner goes out of
 * scope. The owner holds a flock on it; one that nobody holds was left by a
 * process that died, and the next scratch_open() removes it.
 *
 * The token is random and long enough to be recognised wherever it turns up:
 * a build that writes down where it was built gives itself away by it.
 */
#define SCRATCH_TOKEN_SIZE 25

struct scratch {
	int parent; /* <common dir>/git-release/tmp */
	int dir;
	char token[SCRATCH_TOKEN_SIZE];
	char *path; /* absolute, without symbolic links */
};
#define SCRATCH_INIT                                                           \
	{                                                                      \
		.parent = -1, .dir = -1                                        \
	}

int scratch_open(git_repository *repo, struct scratch *out,
		 struct err *err) MUST_CHECK;
void scratch_release(struct scratch *s);
#define AUTO_SCRATCH CLEANUP(scratch_release)

/*
 * Makes <scratch>/repo.git: an empty bare repository that sees the objects
 * and the settings of repo, but has no refs, no info/attributes, no grafts
 * and no hooks. What git does there cannot depend on, or leave a trace in,
 * the repository it works for. env gets what git has to be run with, to be
 * used with git_cmd.elsewhere.
 */
int scratch_repo(const struct scratch *s, git_repository *repo,
		 struct strvec *env, struct err *err) MUST_CHECK;

/*
 * Moves the packs that were made in the scratch repository into repo, as git
 * does with what a push brought once it was found good.
 */
int scratch_keep_packs(const struct scratch *s, git_repository *repo,
		       struct err *err) MUST_CHECK;

#endif
