#ifndef DELTA_PROOF_H
#define DELTA_PROOF_H

#include "common/wire/delta_receive.h"

/*
 * The prefix of a frame, read from the old release and proven: a file that is
 * taken whole by its object id, in the very buffer it is used from. Of a file
 * that is taken in pieces the whole is hashed once, and the digest of each
 * piece kept, so that the piece read later is proven by that.
 */
struct delta_proof {
	const struct delta_plan *plan;
	const struct manifest *old;
	const struct delta_store *store;
	char *buf; /* the prefix */
	size_t alloc;

	/* Of the old file last taken in pieces. */
	size_t entry; /* or MANIFEST_NONE */
	bool good;
	size_t first;	     /* of its pieces in plan->prefix */
	struct oid *digests; /* one for each */
};

/* 1: buf holds the frame's prefix. 0: some of it is not there any more. */
int delta_proof_read(struct delta_proof *p, const struct delta_frame *f,
		     struct err *err) MUST_CHECK;
void delta_proof_release(struct delta_proof *p);

#endif
