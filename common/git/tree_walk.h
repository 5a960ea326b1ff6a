#ifndef TREE_WALK_H
#define TREE_WALK_H

#include "common/git/repo.h"

/*
 * Every entry of a tree and of the trees in it that is not itself a tree, in
 * git's order, which is the byte order of full paths. Names that no work
 * tree may hold (".", "..", ".git" in any case, an empty one, one with a
 * slash) end the walk with ERR_REFUSED.
 */
struct tree_entry {
	const char *path; /* full, NUL-ended; borrowed for the call */
	size_t path_len;
	const char *name; /* its last component */
	uint32_t mode;	  /* GIT_FILEMODE_*: blob, executable, link, commit */
	const git_oid *id;
};

int tree_walk(git_repository *repo, const git_oid *tree,
	      int (*cb)(const struct tree_entry *e, void *ctx, struct err *err),
	      void *ctx, struct err *err) MUST_CHECK;

#endif
