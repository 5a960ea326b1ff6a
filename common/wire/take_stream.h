#ifndef TAKE_STREAM_H
#define TAKE_STREAM_H

#include "common/base/err.h"
#include "common/base/oid.h"

/*
 * The contents of some files of the live release, from the agent to the
 * client. The request has a field for each, in the order in which they come:
 *
 *	want=<id> SP (<id of the old contents> | -) SP <size> SP (f | l) SP <path>
 *
 * f is a file, l a link, whose contents are its target. The answer is frames,
 * each for the next few of them:
 *
 *	<number of wants> <number of olds>	4 bytes each
 *	<which want's old contents>...		4 bytes each
 *	<bytes> data, ..., <0>			4 bytes each, at most 64 KiB
 *
 * Numbers are little-endian; wants are counted from 0 over the whole request.
 * The data is one zstd frame of all these contents, one behind the other. Its
 * prefix is the old contents of the named wants, one behind the other, which
 * both ends have: the agent in an older release, the client in git.
 *
 * The client believes nothing of it: each content is as long as was asked
 * for, and has the id that was asked for, or the answer is refused.
 */
#define TAKE_WANTS_MAX 4096
/* Contents and olds of one frame, so that zstd's window has both in reach. */
#define TAKE_FRAME_MAX	((size_t)16 << 20)
#define TAKE_PREFIX_MAX ((size_t)16 << 20)
#define TAKE_CHUNK_MAX	65536
/* Larger contents are never asked for: one is in memory whole. */
#define TAKE_FILE_MAX ((uint64_t)512 << 20)

struct take_want {
	const char *path;
	uint64_t size;
	struct oid oid, old;
	bool has_old, is_link;
};

/* The value of a want= field, and back; the path is borrowed from text. */
void take_want_format(const struct take_want *w, struct strbuf *out);
int take_want_parse(const char *text, struct take_want *w,
		    struct err *err) MUST_CHECK;

/* Writing: the head of a frame, chunks, and an empty one. */
struct take_head {
	uint32_t wants;
	uint32_t olds;
	const uint32_t *which; /* ascending */
};
void take_frame_head(struct strbuf *out, const struct take_head *head);
void take_frame_data(struct strbuf *out, const char *data, size_t len);
void take_frame_end(struct strbuf *out);

/* Reading, piece by piece as it comes. */
struct take_reader {
	const struct take_want *wants;
	size_t nr;
	/* Appends the contents with this id; content is proven, and borrowed. */
	int (*old)(void *ctx, const struct oid *oid, struct strbuf *out,
		   struct err *err);
	int (*content)(void *ctx, size_t i, const struct strbuf *content,
		       struct err *err);
	void *ctx;

	/* Its own: */
	struct zstd_decoder *zstd;
	struct strbuf head, prefix, file;
	size_t next;  /* the want whose content comes */
	size_t end;   /* and the first that is not in this frame */
	size_t chunk; /* bytes to come of this chunk */
	bool in_frame;
};
#define TAKE_READER_INIT                                                       \
	.head = STRBUF_INIT, .prefix = STRBUF_INIT, .file = STRBUF_INIT

int take_reader_push(struct take_reader *r, const char *data, size_t len,
		     struct err *err) MUST_CHECK;
/* Is there all of it? */
int take_reader_finish(const struct take_reader *r, struct err *err) MUST_CHECK;
void take_reader_release(struct take_reader *r);
#define AUTO_TAKE_READER CLEANUP(take_reader_release)

#endif
