#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/sys/zstd_stream.h"

#include <zstd.h>
#include <zstd_errors.h>

/*
 * From this level on zstd's tables for a large window take more than 64 MiB;
 * capped they take 32, and the output grows by two hundredths.
 */
#define HUNGRY_LEVEL  13
#define TABLE_LOG_MAX 22
/*
 * Up to this level the tables forget what is a few hundred KiB away: a large
 * window would only keep all of it out of the processor's caches.
 */
#define FAST_LEVEL	3
#define NEAR_WINDOW_LOG 20

struct zstd_encoder {
	ZSTD_CCtx *ctx;
};

struct zstd_decoder {
	ZSTD_DCtx *ctx;
	uint64_t input_left;
	bool done;
};

struct zstd_encoder *zstd_encoder_new(void)
{
	struct zstd_encoder *e = xcalloc(1, sizeof(*e));

	e->ctx = ZSTD_createCCtx();
	if (!e->ctx)
		mem_exhausted();
	return e;
}

void zstd_encoder_free(struct zstd_encoder *e)
{
	if (!e)
		return;
	ZSTD_freeCCtx(e->ctx);
	free(e);
}

static int failed(struct err *err, const char *what, size_t code)
{
	if (ZSTD_getErrorCode(code) == ZSTD_error_memory_allocation)
		mem_exhausted();
	return err_set(err, ERR_FAILED, "%s: %s", what, ZSTD_getErrorName(code));
}

int zstd_encoder_begin(struct zstd_encoder *e, const struct zstd_settings *s,
		       struct err *err)
{
	/* 0 leaves the choice to zstd; small inputs get small tables. */
	bool hungry = s->level >= HUNGRY_LEVEL && s->long_matches;
	bool near = s->level <= FAST_LEVEL && !s->long_matches && !s->prefix_len;
	const struct {
		ZSTD_cParameter name;
		int value;
	} params[] = {
		{ ZSTD_c_compressionLevel, s->level },
		{ ZSTD_c_windowLog, near ? NEAR_WINDOW_LOG : ZSTD_WINDOW_LOG },
		{ ZSTD_c_checksumFlag, s->checksum },
		{ ZSTD_c_enableLongDistanceMatching, s->long_matches },
		{ ZSTD_c_hashLog, hungry ? TABLE_LOG_MAX : 0 },
		{ ZSTD_c_chainLog, hungry ? TABLE_LOG_MAX : 0 },
	};
	size_t i, ret;

	ZSTD_CCtx_reset(e->ctx, ZSTD_reset_session_and_parameters);
	for (i = 0; i < ARRAY_SIZE(params); i++) {
		ret = ZSTD_CCtx_setParameter(e->ctx, params[i].name,
					     params[i].value);
		if (ZSTD_isError(ret))
			return failed(err, "cannot set up zstd", ret);
	}
	ret = ZSTD_CCtx_setPledgedSrcSize(e->ctx, s->content_len);
	if (!ZSTD_isError(ret) && s->prefix_len)
		ret = ZSTD_CCtx_refPrefix(e->ctx, s->prefix, s->prefix_len);
	if (ZSTD_isError(ret))
		return failed(err, "cannot set up zstd", ret);
	return 0;
}

static int encode(struct zstd_encoder *e, ZSTD_inBuffer in,
		  ZSTD_EndDirective how, struct strbuf *out, struct err *err)
{
	size_t left;

	do {
		ZSTD_outBuffer buf;

		if (strbuf_grow(out, 16384) < 0)
			return err_set(err, ERR_FAILED,
				       "compressed data is too large");
		/* One byte stays for the strbuf's NUL. */
		buf = (ZSTD_outBuffer){ .dst = out->buf + out->len,
					.size = out->alloc - out->len - 1 };
		left = ZSTD_compressStream2(e->ctx, &buf, &in, how);
		if (ZSTD_isError(left))
			return failed(err, "cannot compress", left);
		out->len += buf.pos;
		out->buf[out->len] = '\0';
	} while (in.pos < in.size || (how != ZSTD_e_continue && left));
	return 0;
}

int zstd_encoder_push(struct zstd_encoder *e, const void *data, size_t len,
		      struct strbuf *out, struct err *err)
{
	if (!len)
		return 0;
	return encode(e, (ZSTD_inBuffer){ .src = data, .size = len },
		      ZSTD_e_continue, out, err);
}

int zstd_encoder_flush(struct zstd_encoder *e, struct strbuf *out, struct err *err)
{
	return encode(e, (ZSTD_inBuffer){ .src = "" }, ZSTD_e_flush, out, err);
}

int zstd_encoder_end(struct zstd_encoder *e, struct strbuf *out, struct err *err)
{
	return encode(e, (ZSTD_inBuffer){ .src = "" }, ZSTD_e_end, out, err);
}

struct zstd_decoder *zstd_decoder_new(void)
{
	struct zstd_decoder *d = xcalloc(1, sizeof(*d));

	d->ctx = ZSTD_createDCtx();
	if (!d->ctx)
		mem_exhausted();
	return d;
}

void zstd_decoder_free(struct zstd_decoder *d)
{
	if (!d)
		return;
	ZSTD_freeDCtx(d->ctx);
	free(d);
}

int zstd_decoder_begin(struct zstd_decoder *d, const void *prefix,
		       size_t prefix_len, uint64_t max_input, struct err *err)
{
	size_t ret;

	ZSTD_DCtx_reset(d->ctx, ZSTD_reset_session_and_parameters);
	d->input_left = max_input;
	d->done = false;
	ret = ZSTD_DCtx_setParameter(d->ctx, ZSTD_d_windowLogMax,
				     ZSTD_WINDOW_LOG);
	if (!ZSTD_isError(ret) && prefix_len)
		ret = ZSTD_DCtx_refPrefix(d->ctx, prefix, prefix_len);
	if (ZSTD_isError(ret))
		return failed(err, "cannot set up zstd", ret);
	return 0;
}

ssize_t zstd_decoder_pull(struct zstd_decoder *d, const char **data,
			  size_t *len, void *out, size_t size, struct err *err)
{
	ZSTD_inBuffer in = { .src = *data, .size = *len };
	ZSTD_outBuffer buf = { .dst = out, .size = size };
	size_t ret, before;

	if (d->done && *len)
		return err_set(err, ERR_FAILED,
			       "data behind the end of a compressed frame");
	if (*len > d->input_left)
		return err_set(err, ERR_FAILED,
			       "compressed frame is longer than it can be");
	while (!d->done && buf.pos < buf.size) {
		before = in.pos + buf.pos;
		ret = ZSTD_decompressStream(d->ctx, &buf, &in);
		if (ZSTD_isError(ret))
			return failed(err, "cannot decompress", ret);
		d->done = !ret;
		if (in.pos + buf.pos == before)
			break;
	}
	if (d->done && in.pos < in.size)
		return err_set(err, ERR_FAILED,
			       "data behind the end of a compressed frame");
	d->input_left -= in.pos;
	*data += in.pos;
	*len -= in.pos;
	return (ssize_t)buf.pos;
}

bool zstd_decoder_done(const struct zstd_decoder *d)
{
	return d->done;
}

uint64_t zstd_frame_bound(uint64_t content_len)
{
	/* As ZSTD_compressBound(), which is for one whole buffer. */
	return content_len + (content_len >> 8) + 4096;
}
