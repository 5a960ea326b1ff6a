#ifndef DELTA_PIPE_H
#define DELTA_PIPE_H

#include "common/sys/zstd_stream.h"
#include "common/wire/delta_send.h"

/*
 * Compresses in a second thread while the caller's thread reads and sends.
 * A ring of items goes round: the caller fills one, the worker compresses it
 * into the item's own output, the caller hands that to the sink, in order.
 * Without the thread the caller compresses in delta_pipe_put(); the bytes are
 * the same either way.
 */
#define DELTA_BLOCK ((size_t)256 << 10)
#define DELTA_ITEMS 16

enum delta_item_kind {
	ITEM_BEGIN, /* settings of the next frame */
	ITEM_DATA,
	ITEM_END
};

struct delta_item {
	enum delta_item_kind kind;
	struct zstd_settings settings;
	char *buf; /* DELTA_BLOCK bytes */
	size_t len;
	struct strbuf out;
};

struct delta_pipe;

/* Never NULL. sink is borrowed. */
struct delta_pipe *delta_pipe_new(const struct delta_sink *sink, bool threaded);
/* Stops the thread; what is still inside is lost. */
void delta_pipe_free(struct delta_pipe *p);

/* The next free item, to be filled; waits and sends until there is one. */
int delta_pipe_get(struct delta_pipe *p, struct delta_item **item,
		   struct err *err) MUST_CHECK;
/* Hands over the item that delta_pipe_get() gave. */
int delta_pipe_put(struct delta_pipe *p, struct err *err) MUST_CHECK;
/* Sends everything that was put. No prefix is in use afterwards. */
int delta_pipe_drain(struct delta_pipe *p, struct err *err) MUST_CHECK;

#endif
