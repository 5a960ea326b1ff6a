#ifndef CAPTURE_TREES_H
#define CAPTURE_TREES_H

#include "git-serversync/capture_changes.h"

/*
 * The trees that a release is compared with, by paths of the release: that of
 * the live commit (below release.subdirectory), and that of the package.
 */
struct tree_file {
	uint32_t mode; /* git's; 0: there is none, or a directory */
	git_oid id;
};

struct tree_files_entry {
	const char *path; /* in tree_files.paths */
	size_t at;
	struct tree_file file;
};

struct tree_files {
	struct tree_files_entry *v; /* sorted by path */
	size_t nr, alloc;
	struct strbuf paths;
};

struct capture_trees {
	git_repository *repo;	      /* borrowed */
	git_tree *whole;	      /* of the commit, from the top */
	git_tree *released, *package; /* NULL: there is none */
	struct tree_files files;      /* all of released, if asked for */
};

/* The path in the repository of one in the release. */
void capture_git_path(struct strbuf *out, const char *sub, const char *path);

/* t must be zero. With "all" t->files is filled. */
int capture_trees_open(struct capture_trees *t,
		       const struct capture_sources *from, bool all,
		       struct err *err) MUST_CHECK;
void capture_trees_release(struct capture_trees *t);

/* mode 0 when there is no file of this path. */
int capture_trees_commit(struct capture_trees *t, const char *path,
			 struct tree_file *out, struct err *err) MUST_CHECK;
int capture_trees_package(struct capture_trees *t, const char *path,
			  struct tree_file *out, struct err *err) MUST_CHECK;

/*
 * How many files of the package are not left out; no need to count further
 * than "enough".
 */
int capture_trees_count(struct capture_trees *t,
			const struct capture_sources *from, size_t enough,
			size_t *nr, struct err *err) MUST_CHECK;

#endif
