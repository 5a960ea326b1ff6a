#ifndef ZSTD_STREAM_H
#define ZSTD_STREAM_H

#include "common/base/err.h"

/*
 * One zstd frame at a time, with a raw prefix: bytes that both sides have and
 * that matches may refer to (zstd --patch-from). The prefix is borrowed for
 * the length of the frame.
 */
#define ZSTD_WINDOW_LOG 25 /* 32 MiB; nothing larger is decoded */

struct zstd_settings {
	int level;
	bool long_matches; /* for prefixes and contents of some MiB */
	bool checksum;	   /* for what no object id proves */
	const void *prefix;
	size_t prefix_len;
	uint64_t content_len; /* exactly so many bytes will be pushed */
};

struct zstd_encoder;

struct zstd_encoder *zstd_encoder_new(void);
void zstd_encoder_free(struct zstd_encoder *e);
int zstd_encoder_begin(struct zstd_encoder *e, const struct zstd_settings *s,
		       struct err *err) MUST_CHECK;
/* These append what is ready to out. */
int zstd_encoder_push(struct zstd_encoder *e, const void *data, size_t len,
		      struct strbuf *out, struct err *err) MUST_CHECK;
/* Ends the block, so that unlike data does not share one. */
int zstd_encoder_flush(struct zstd_encoder *e, struct strbuf *out,
		       struct err *err) MUST_CHECK;
int zstd_encoder_end(struct zstd_encoder *e, struct strbuf *out,
		     struct err *err) MUST_CHECK;

struct zstd_decoder;

struct zstd_decoder *zstd_decoder_new(void);
void zstd_decoder_free(struct zstd_decoder *d);
/* max_input: more compressed bytes than this are an error. */
int zstd_decoder_begin(struct zstd_decoder *d, const void *prefix,
		       size_t prefix_len, uint64_t max_input,
		       struct err *err) MUST_CHECK;
/*
 * Decodes from *data, which moves forward, into out. Returns the bytes
 * written, less than size only when the input is used up, or an error, which
 * bytes behind the end of the frame are too.
 */
ssize_t zstd_decoder_pull(struct zstd_decoder *d, const char **data, size_t *len,
			  void *out, size_t size, struct err *err) MUST_CHECK;
/* True once the frame is complete. */
bool zstd_decoder_done(const struct zstd_decoder *d);
/* The most bytes that an honest frame of this content takes. */
uint64_t zstd_frame_bound(uint64_t content_len);

#endif
