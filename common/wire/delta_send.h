#ifndef DELTA_SEND_H
#define DELTA_SEND_H

#include "common/wire/delta_plan.h"

/*
 * The client's half: reads the contents a plan lists and writes its zstd
 * frames. Source and sink are only ever called from the caller's thread, one
 * at a time.
 */

/*
 * Where contents come from. Streams are read sequentially to their end or
 * closed early; at most one content and one prefix stream are open at a time.
 */
struct delta_source {
	int (*open)(void *ctx, const struct oid *oid, uint64_t size,
		    void **stream, struct err *err);
	/* Returns at least 1 and at most len, 0 at the end, or an error. */
	ssize_t (*read)(void *ctx, void *stream, void *buf, size_t len,
			struct err *err);
	void (*close)(void *ctx, void *stream);
	void *ctx;
};

/* Bytes are dear on a slow link, the time to save them on a fast one. */
enum link_speed { LINK_FAST, LINK_MEDIUM, LINK_SLOW };

struct delta_sink {
	int (*data)(void *ctx, const void *buf, size_t len, struct err *err);
	int (*end_frame)(void *ctx, struct err *err);
	/*
	 * How fast the link has shown itself so far: asked before each frame.
	 * NULL: job->link holds for all.
	 */
	enum link_speed (*speed)(void *ctx);
	void *ctx;
};

struct delta_job {
	const struct delta_plan *plan;
	const struct manifest *old; /* NULL: first release */
	const struct manifest *new;
	const struct delta_source *source;
	const struct delta_sink *sink;
	enum link_speed link;
};

/* Sends every frame of the plan. The same job gives the same bytes. */
int delta_send(const struct delta_job *job, struct err *err) MUST_CHECK;

#endif
