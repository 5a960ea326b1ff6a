/*
 * What a hostile agent answers to "take": bytes as they come, and frames that
 * are well packed but lie. Whatever gets through is what was asked for, in the
 * order in which it was. Fields of a request are read back as written.
 */
#include "common/base/base.h"
#include "common/sys/hash.h"
#include "common/sys/zstd_stream.h"
#include "common/wire/take_stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const texts[] = { "one", "", "three", "four and more", "" };
#define NR ARRAY_SIZE(texts)

static struct take_want wants[NR];

static void hash(const char *text, struct oid *oid)
{
	struct blob_hash h;

	blob_hash_init(&h, strlen(text));
	blob_hash_update(&h, text, strlen(text));
	blob_hash_final(&h, oid);
}

static void make_wants(void)
{
	for (size_t i = 0; i < NR; i++) {
		wants[i] = (struct take_want){ .path = "x",
					       .size = strlen(texts[i]),
					       .has_old = i % 2 };
		hash(texts[i], &wants[i].oid);
		hash(texts[i], &wants[i].old);
	}
}

static int get_old(void *ctx UNUSED, const struct oid *oid, struct strbuf *out,
		   struct err *err UNUSED)
{
	if (!oid_eq(oid, &wants[1].old) && !oid_eq(oid, &wants[3].old))
		abort();
	strbuf_addstr(out, "old and more");
	return 0;
}

static int get_content(void *ctx, size_t i, const struct strbuf *content,
		       struct err *err UNUSED)
{
	size_t *nr = ctx;

	if (i != (*nr)++ || strcmp(content->buf, texts[i]) != 0)
		abort();
	return 0;
}

static void read_bytes(const char *data, size_t size, size_t step)
{
	size_t got = 0;
	AUTO_TAKE_READER struct take_reader r = {
		.wants = wants,
		.nr = NR,
		.old = get_old,
		.content = get_content,
		.ctx = &got,
		TAKE_READER_INIT,
	};
	AUTO_ERR struct err err = ERR_INIT;

	for (size_t at = 0; at < size; at += step) {
		size_t n = size - at < step ? size - at : step;

		if (take_reader_push(&r, data + at, n, &err) < 0)
			return;
	}
	if (!take_reader_finish(&r, &err) && got != NR)
		abort();
}

/* Packs the bytes of one frame; its length is cut where one may be. */
static void add_frame(struct strbuf *out, const uint8_t *data, size_t size)
{
	const uint32_t which[] = { data[1] % 6, data[2] % 6 };
	const struct take_head head = { data[0] % 7, data[0] / 7 % 3, which };
	const struct zstd_settings s = {
		.level = 1,
		.content_len = size - 3,
		.prefix = "old and more",
		.prefix_len = head.olds == 1 ? 12 : 0,
	};
	struct zstd_encoder *e = zstd_encoder_new();
	AUTO_STRBUF struct strbuf packed = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	if (zstd_encoder_begin(e, &s, &err) < 0 ||
	    zstd_encoder_push(e, data + 3, size - 3, &packed, &err) < 0 ||
	    zstd_encoder_end(e, &packed, &err) < 0)
		abort();
	zstd_encoder_free(e);
	take_frame_head(out, &head);
	take_frame_data(out, packed.buf, packed.len);
	take_frame_end(out);
}

static void check_want(const char *data, size_t size)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT, back = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	struct take_want w, again;

	strbuf_add(&text, data, size);
	if (take_want_parse(text.buf, &w, &err) < 0)
		return;
	take_want_format(&w, &back);
	if (take_want_parse(back.buf, &again, &err) < 0 ||
	    strcmp(w.path, again.path) != 0 || w.size != again.size)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_STRBUF struct strbuf frames = STRBUF_INIT;

	if (!wants[0].path)
		make_wants();
	check_want((const char *)data, size);
	read_bytes((const char *)data, size, size ? 1 + data[0] % 32 : 1);
	while (size > 3) {
		size_t len = data[0] % 32 + 3;

		len = len < size ? len : size;
		add_frame(&frames, data, len);
		data += len;
		size -= len;
	}
	read_bytes(frames.buf, frames.len, 7);
	return 0;
}
