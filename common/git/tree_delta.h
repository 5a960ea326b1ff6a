#ifndef TREE_DELTA_H
#define TREE_DELTA_H

#include "common/git/repo.h"

/*
 * What differs between two trees: the list, in the order, that
 *
 *	git diff-tree -r -z --no-renames <old> <new>
 *
 * prints. Directories are not entries, submodules are; a subtree that both
 * sides share is never opened, so the cost grows with what changed. The order
 * is the byte order of full paths. A file that became a directory is a
 * deletion and additions; files, links and submodules that became one another
 * are one change of type.
 *
 * Paths are bytes, not text, and need not even be paths that a work tree could
 * hold ("..", ".git"): show them quoted, and open nothing by them.
 */
struct tree_change {
	char status; /* A added, D deleted, M content or mode, T type */
	uint32_t old_mode, new_mode; /* GIT_FILEMODE_*; 0: not there */
	git_oid old_id, new_id;	     /* all zero: not there */
	const char *path;	     /* NUL-ended; of the list's storage */
	size_t path_len;
};

struct tree_delta {
	struct tree_change *v; /* sorted by path */
	size_t nr, alloc;
	struct strbuf paths; /* private */
};
#define TREE_DELTA_INIT                                                        \
	{                                                                      \
		.paths = STRBUF_INIT                                           \
	}

/* More changes than this are an error: trees can be made that never end. */
#define TREE_DELTA_MAX 5000000u

/*
 * Ids of trees; NULL stands for an empty one. out must be fresh, and is
 * unchanged on failure. ERR_NOTFOUND when an object is missing.
 */
int tree_delta_find(git_repository *repo, const git_oid *old_tree,
		    const git_oid *new_tree, struct tree_delta *out,
		    struct err *err) MUST_CHECK;
void tree_delta_release(struct tree_delta *d);
#define AUTO_TREE_DELTA CLEANUP(tree_delta_release)

/* The change of exactly this path, or NULL. */
const struct tree_change *tree_delta_get(const struct tree_delta *d,
					 const char *path);

#endif
