#ifndef PACKED_H
#define PACKED_H

#include "common/base/err.h"

/*
 * Bytes as one zstd frame with a checksum, for what no object id proves.
 */

/* Appends the frame of a and b, one behind the other, to out. */
int packed_add(const struct strbuf *a, const struct strbuf *b,
	       struct strbuf *out, struct err *err) MUST_CHECK;

/* Takes a frame in parts of any size; raw never gets larger than max. */
struct unpacker {
	struct zstd_decoder *zstd;
	struct strbuf raw;
};
#define UNPACKER_INIT                                                          \
	{                                                                      \
		.raw = STRBUF_INIT                                             \
	}

int unpacker_begin(struct unpacker *u, size_t max, struct err *err) MUST_CHECK;
int unpacker_push(struct unpacker *u, const char *data, size_t len,
		  struct err *err) MUST_CHECK;
/* Is the frame complete? Then raw is all of it. */
int unpacker_finish(struct unpacker *u, struct err *err) MUST_CHECK;
void unpacker_release(struct unpacker *u);
#define AUTO_UNPACKER CLEANUP(unpacker_release)

#endif
