#ifndef WORKTREES_H
#define WORKTREES_H

#include "common/git/repo.h"

/*
 * The work trees of a repository: its own and the linked ones, with what is
 * checked out there and what is under way. Read from git's files, as
 * gitrepository-layout(5) has them; no git is run.
 */
struct worktree {
	char *git_dir; /* its own: HEAD, index and the like; ends in a slash */
	char *path;    /* NULL: the repository itself, and it is bare */
	char *head;    /* "refs/heads/main"; NULL when HEAD is detached */
	bool gone;     /* path cannot be reached now */
};

struct worktrees {
	struct worktree *v;
	size_t nr, alloc;
};
#define WORKTREES_INIT                                                         \
	{                                                                      \
		0                                                              \
	}
void worktrees_release(struct worktrees *trees);
#define AUTO_WORKTREES CLEANUP(worktrees_release)

/* The repository's own comes first. out must be fresh. */
int worktrees_list(git_repository *repo, struct worktrees *out,
		   struct err *err) MUST_CHECK;

/*
 * What is under way there and will move or read the branch "ref" when it goes
 * on ("a rebase", "a bisect", "a merge"), or NULL. During a rebase and a bisect
 * HEAD is detached, so that head does not tell.
 */
const char *worktree_busy(const struct worktree *tree, const char *ref);

/* The one that has the branch "ref" checked out, or NULL. */
const struct worktree *worktrees_find(const struct worktrees *trees,
				      const char *ref);

#endif
