#include "common/base/base.h"
#include "common/wire/manifest_frame.h"
#include "common/wire/manifest_script.h"

/* A script is small; only a first release's is worth less than the best. */
#define SMALL_SCRIPT ((size_t)256 << 10)

static int compress(const struct manifest_script *script, struct strbuf *out,
		    struct err *err)
{
	struct zstd_encoder *e = zstd_encoder_new();
	struct zstd_settings s = {
		.content_len = script->ops.len + script->oids.len,
		.checksum = true,
	};
	int ret;

	s.level = s.content_len <= SMALL_SCRIPT ? 19 : 6;
	ret = zstd_encoder_begin(e, &s, err);
	if (!ret)
		ret = zstd_encoder_push(e, script->ops.buf, script->ops.len,
					out, err);
	/* Object ids are noise; apart, they do not spoil the statistics. */
	if (!ret && script->oids.len)
		ret = zstd_encoder_flush(e, out, err);
	if (!ret)
		ret = zstd_encoder_push(e, script->oids.buf, script->oids.len,
					out, err);
	if (!ret)
		ret = zstd_encoder_end(e, out, err);
	zstd_encoder_free(e);
	return ret;
}

int manifest_frame_encode(const struct manifest *old, const struct manifest *new,
			  struct strbuf *out, struct err *err)
{
	CLEANUP(manifest_script_release)
	struct manifest_script script = MANIFEST_SCRIPT_INIT;

	manifest_script_write(&script, old, new);
	return compress(&script, out, err);
}

void manifest_frame_release(struct manifest_frame_decoder *d)
{
	zstd_decoder_free(d->zstd);
	strbuf_release(&d->script);
	*d = (struct manifest_frame_decoder)MANIFEST_FRAME_DECODER_INIT;
}

int manifest_frame_begin(struct manifest_frame_decoder *d,
			 const struct manifest *old, struct err *err)
{
	manifest_frame_release(d);
	d->old = old;
	d->zstd = zstd_decoder_new();
	strbuf_limit(&d->script, MANIFEST_MAX_BYTES);
	return zstd_decoder_begin(d->zstd, NULL, 0,
				  zstd_frame_bound(MANIFEST_MAX_BYTES), err);
}

int manifest_frame_push(struct manifest_frame_decoder *d, const void *data,
			size_t len, struct err *err)
{
	const char *in = data;
	char buf[16384];
	ssize_t n;

	do {
		n = zstd_decoder_pull(d->zstd, &in, &len, buf, sizeof(buf), err);
		if (n < 0)
			return err_prefix(err, "manifest");
		if (strbuf_add(&d->script, buf, (size_t)n) < 0)
			return err_set(err, ERR_FAILED, "manifest is too large");
	} while ((size_t)n == sizeof(buf));
	return 0;
}

int manifest_frame_finish(struct manifest_frame_decoder *d,
			  struct manifest *new, struct err *err)
{
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT;
	int ret;

	if (!zstd_decoder_done(d->zstd))
		return err_set(err, ERR_FAILED, "manifest is cut short");
	strbuf_limit(&raw, MANIFEST_MAX_BYTES);
	ret = manifest_script_apply(&d->script, d->old, &raw, err);
	if (ret < 0)
		return ret;
	return manifest_parse(new, &raw, err);
}
