#ifndef BLOB_AHEAD_H
#define BLOB_AHEAD_H

#include "common/git/repo.h"

/*
 * Reads blobs in a known order ahead of whoever goes through them: most of the
 * time to compare many files goes into inflating them, and another processor
 * can do half of that. The thread has an object database of its own, as
 * libgit2 lets only one read at a time into each.
 *
 *	blob_ahead_add(&ahead, id);		for each; NULL: none is needed
 *	blob_ahead_start(&ahead, repo);
 *	object = blob_ahead_take(&ahead);	for each, in that order
 *
 * It is a help and no more: what it could not read, or is larger than
 * BLOB_AHEAD_MAX, is NULL, and to be read, or to fail, where it is needed.
 */
#define BLOB_AHEAD_MAX ((size_t)4 << 20)
/* So many are held for the reader at most. */
#define BLOB_AHEAD_NR 64

struct blob_ahead;

struct blob_ahead *blob_ahead_new(void);
void blob_ahead_free(struct blob_ahead *a);
DEFINE_AUTO(struct blob_ahead *, blob_ahead_free, NULL)
#define AUTO_BLOB_AHEAD CLEANUP(blob_ahead_free_auto)

void blob_ahead_add(struct blob_ahead *a, const git_oid *id);
void blob_ahead_start(struct blob_ahead *a, git_repository *repo);
/* The caller's. */
git_odb_object *blob_ahead_take(struct blob_ahead *a);

#endif
