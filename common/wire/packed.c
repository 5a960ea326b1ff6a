#include "common/base/base.h"
#include "common/wire/packed.h"

#include "common/sys/zstd_stream.h"

int packed_add(const struct strbuf *a, const struct strbuf *b,
	       struct strbuf *out, struct err *err)
{
	struct zstd_encoder *e = zstd_encoder_new();
	const struct zstd_settings s = {
		.level = 3,
		.checksum = true,
		.content_len = a->len + b->len,
	};
	int ret = zstd_encoder_begin(e, &s, err);

	if (!ret)
		ret = zstd_encoder_push(e, a->buf, a->len, out, err);
	if (!ret)
		ret = zstd_encoder_push(e, b->buf, b->len, out, err);
	if (!ret)
		ret = zstd_encoder_end(e, out, err);
	zstd_encoder_free(e);
	return ret;
}

void unpacker_release(struct unpacker *u)
{
	zstd_decoder_free(u->zstd);
	strbuf_release(&u->raw);
	*u = (struct unpacker)UNPACKER_INIT;
}

int unpacker_begin(struct unpacker *u, size_t max, struct err *err)
{
	unpacker_release(u);
	u->zstd = zstd_decoder_new();
	strbuf_limit(&u->raw, max);
	return zstd_decoder_begin(u->zstd, NULL, 0, zstd_frame_bound(max), err);
}

int unpacker_push(struct unpacker *u, const char *data, size_t len,
		  struct err *err)
{
	char buf[16384];
	ssize_t n;

	do {
		n = zstd_decoder_pull(u->zstd, &data, &len, buf, sizeof(buf),
				      err);
		if (n < 0)
			return err->code;
		if (strbuf_add(&u->raw, buf, (size_t)n) < 0)
			return err_set(err, ERR_FAILED,
				       "what came is larger than it may be");
	} while ((size_t)n == sizeof(buf));
	return 0;
}

int unpacker_finish(struct unpacker *u, struct err *err)
{
	if (!zstd_decoder_done(u->zstd))
		return err_set(err, ERR_FAILED, "what came is cut short");
	return 0;
}
