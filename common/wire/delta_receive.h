#ifndef DELTA_RECEIVE_H
#define DELTA_RECEIVE_H

#include "common/sys/hash.h"
#include "common/sys/zstd_stream.h"
#include "common/wire/delta_plan.h"

/*
 * The agent's half: takes the frames of a plan as they arrive, proves the old
 * files they build upon, and hands over the new files once their object ids
 * match. Nothing that the sender says is believed.
 *
 *	delta_receive_new()
 *	delta_receive_data()...  delta_receive_end_frame()	per frame
 *	delta_receive_finish()
 *	delta_receive_free()
 *
 * An old file that is gone or was edited is no failure: the files of its
 * frame are counted as missing, to be asked for in a second pass. Everything
 * else that does not fit the plan is a hard error, and so is any error from
 * the store.
 */
struct delta_store {
	/*
	 * Reads exactly len bytes of an old file (of the target of a
	 * symlink). ERR_NOTFOUND when they are not there; any other error
	 * ends the run.
	 */
	int (*read_old)(void *ctx, size_t old_entry, uint64_t off, void *buf,
			size_t len, struct err *err);

	/* One file at a time, in the order of the plan. */
	int (*file_begin)(void *ctx, size_t entry, struct err *err);
	int (*file_data)(void *ctx, size_t entry, const void *buf, size_t len,
			 struct err *err);
	/* The object id has matched. */
	int (*file_end)(void *ctx, size_t entry, struct err *err);
	/* Ends a file instead of file_end, or after that failed: drop it. */
	void (*file_abort)(void *ctx, size_t entry);

	/*
	 * Makes copy->entry from a file that is there already, after the
	 * last frame; must itself prove that the copy has the entry's object
	 * id. ERR_NOTFOUND when it cannot: the entry is then missing.
	 */
	int (*copy)(void *ctx, const struct delta_copy *copy, struct err *err);
	void *ctx;
};

struct delta_receive;

/* plan, manifests and store are borrowed. Never NULL. */
struct delta_receive *delta_receive_new(const struct delta_plan *plan,
					const struct manifest *old,
					const struct manifest *new,
					const struct delta_store *store);
int delta_receive_data(struct delta_receive *r, const void *data, size_t len,
		       struct err *err) MUST_CHECK;
int delta_receive_end_frame(struct delta_receive *r, struct err *err) MUST_CHECK;
/*
 * After the last frame: makes the copies. *missing, owned by r, gets the new
 * entries that could not be made, ascending: what delta_input.wanted takes.
 */
int delta_receive_finish(struct delta_receive *r, const size_t **missing,
			 size_t *nr, struct err *err) MUST_CHECK;
/* A file still open is aborted. NULL is allowed. */
void delta_receive_free(struct delta_receive *r);

#endif
