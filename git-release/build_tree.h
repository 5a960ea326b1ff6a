#ifndef BUILD_TREE_H
#define BUILD_TREE_H

#include "common/base/err.h"
#include "common/base/strvec.h"

/*
 * The directory a build leaves behind: walked by descriptor, no link is
 * followed, entries in byte order of their full paths as git sorts them.
 */
struct build_file {
	const char *path; /* below the directory; borrowed, as the rest */
	int dir;	  /* the directory it is in */
	const char *name;
	const struct stat *st; /* of itself, not of what a link points at */
	bool empty_dir;	       /* a directory with nothing in it */
};

/* cb is called for everything but directories that hold something. */
int build_tree_walk(int tree,
		    int (*cb)(const struct build_file *f, void *ctx,
			      struct err *err),
		    void *ctx, struct err *err) MUST_CHECK;

/*
 * Refuses what may not ship, each with its path: a nested .git, fifos,
 * sockets, devices, set-id files, links that lead out. Empty directories,
 * which git cannot keep, are named in a warning.
 */
int build_tree_check(int tree, struct strvec *warnings,
		     struct err *err) MUST_CHECK;

/*
 * Removes what these gitignore patterns match, as "git ls-files --others
 * --ignored" sees it. path is that of the directory, env what scratch_repo()
 * gave.
 */
int build_tree_exclude(int tree, const char *path, const struct strvec *env,
		       const struct strvec *patterns, struct err *err) MUST_CHECK;

#endif
