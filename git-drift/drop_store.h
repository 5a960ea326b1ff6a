#ifndef DROP_STORE_H
#define DROP_STORE_H

#include "common/git/repo.h"

/*
 * Objects that are made in memory, in front of a repository's own: while the
 * store is open the repository reads them like any others, and nothing of them
 * is on disk. drop_store_keep() writes those the repository did not have as one
 * pack; without it they are gone with the store.
 *
 * All of it is in memory at once, as DROP_BYTES_MAX allows for.
 */
struct drop_store {
	git_repository *repo; /* borrowed */
	git_odb *odb;
	git_odb_backend *memory; /* of the odb, which frees it */
	git_oid *made;		 /* those the repository did not have */
	size_t nr, alloc;
};
#define DROP_STORE_INIT                                                        \
	{                                                                      \
		0                                                              \
	}

int drop_store_open(struct drop_store *s, git_repository *repo,
		    struct err *err) MUST_CHECK;
void drop_store_release(struct drop_store *s);
#define AUTO_DROP_STORE CLEANUP(drop_store_release)

struct drop_object {
	git_object_t type;
	const void *data;
	size_t len;
};

int drop_store_add(struct drop_store *s, const struct drop_object *o,
		   git_oid *id, struct err *err) MUST_CHECK;
int drop_store_keep(struct drop_store *s, struct err *err) MUST_CHECK;

#endif
