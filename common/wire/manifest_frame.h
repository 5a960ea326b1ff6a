#ifndef MANIFEST_FRAME_H
#define MANIFEST_FRAME_H

#include "common/sys/zstd_stream.h"
#include "common/text/manifest.h"

/*
 * The new manifest on its way to a server that knows the old one: a list of
 * the entries that differ, as one zstd frame. The format is described in
 * manifest_frame.c.
 */

/* Appends the frame to out. old is NULL for a first release. */
int manifest_frame_encode(const struct manifest *old, const struct manifest *new,
			  struct strbuf *out, struct err *err) MUST_CHECK;

/* Takes the frame in parts of any size. old is borrowed until finish. */
struct manifest_frame_decoder {
	const struct manifest *old;
	struct zstd_decoder *zstd;
	struct strbuf script;
};
#define MANIFEST_FRAME_DECODER_INIT                                            \
	{                                                                      \
		.script = STRBUF_INIT                                          \
	}

int manifest_frame_begin(struct manifest_frame_decoder *d,
			 const struct manifest *old, struct err *err) MUST_CHECK;
int manifest_frame_push(struct manifest_frame_decoder *d, const void *data,
			size_t len, struct err *err) MUST_CHECK;
/* Fills the empty manifest new with the parsed, checked result. */
int manifest_frame_finish(struct manifest_frame_decoder *d,
			  struct manifest *new, struct err *err) MUST_CHECK;
void manifest_frame_release(struct manifest_frame_decoder *d);

#endif
