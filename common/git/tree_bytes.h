#ifndef TREE_BYTES_H
#define TREE_BYTES_H

#include "common/git/repo.h"

/*
 * The entries of one tree, read from its raw bytes: each is
 * "<octal mode> <name>", a NUL and 20 bytes of id, in git's order (the byte
 * order of names, where a directory counts as if it ended in "/"). A
 * git_tree would make an object of each, which costs more than reading it.
 *
 *	AUTO_TREE_BYTES struct tree_bytes t = { 0 };
 *
 *	tree_bytes_open(&t, from, id, err);
 *	while ((ret = tree_bytes_next(&t, err)) > 0)
 *		... t.mode, t.name, t.name_len, t.id ...
 *
 * Names are not judged: "..", ".git", an empty one and one with a slash in it
 * come as they are.
 */
struct tree_source {
	git_repository *repo; /* borrowed */
	git_odb *odb;	      /* of it; borrowed */
};

struct tree_bytes {
	git_odb_object *object;
	const char *p, *end;

	/* The entry that tree_bytes_next() found. */
	uint32_t mode;	  /* as git reads it: GIT_FILEMODE_* */
	const char *name; /* NUL-ended; borrowed until the tree is released */
	size_t name_len;
	git_oid id;
};

/* t must be zero or released. ERR_NOTFOUND with a hint when it is missing. */
int tree_bytes_open(struct tree_bytes *t, const struct tree_source *from,
		    const git_oid *id, struct err *err) MUST_CHECK;
/* 1; at the end 0, and t.name is NULL; ERR_FAILED for a corrupt tree. */
int tree_bytes_next(struct tree_bytes *t, struct err *err) MUST_CHECK;
void tree_bytes_release(struct tree_bytes *t);
#define AUTO_TREE_BYTES CLEANUP(tree_bytes_release)

/* The error for an object the repository lacks, with what to do about it. */
int object_missing(git_repository *repo, const git_oid *id, struct err *err);

#endif
