/*
 * Contents on their way to the client: what was written arrives, in pieces of
 * any size and with a prefix; what lies about its order, its length or its
 * content is refused before anybody gets it.
 */
#include "common/base/base.h"
#include "common/sys/hash.h"
#include "common/sys/zstd_stream.h"
#include "common/wire/take_stream.h"
#include "tests/unit/unit.h"

static void hash(const char *text, struct oid *oid)
{
	struct blob_hash h;

	blob_hash_init(&h, strlen(text));
	blob_hash_update(&h, text, strlen(text));
	blob_hash_final(&h, oid);
}

static const char *const texts[] = { "one", "", "three", "", "five" };
#define OLD "what three was"

static struct take_want wants[ARRAY_SIZE(texts)];

static int make_wants(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		wants[i] = (struct take_want){ .path = "x",
					       .size = strlen(texts[i]) };
		hash(texts[i], &wants[i].oid);
	}
	wants[2].has_old = true;
	hash(OLD, &wants[2].old);
	return 0;
}

struct got {
	size_t nr;
};

static int get_old(void *ctx UNUSED, const struct oid *oid, struct strbuf *out,
		   struct err *err UNUSED)
{
	assert_true(oid_eq(oid, &wants[2].old));
	strbuf_addstr(out, OLD);
	return 0;
}

static int get_content(void *ctx, size_t i, const struct strbuf *content,
		       struct err *err UNUSED)
{
	struct got *got = ctx;

	assert_int_equal(i, got->nr++);
	assert_string_equal(content->buf, texts[i]);
	assert_int_equal(content->len, strlen(texts[i]));
	return 0;
}

struct frame {
	uint32_t wants, olds;
	uint32_t which[2];
	const char *content, *prefix;
};

static void add_frame(struct strbuf *out, const struct frame *f)
{
	const struct take_head head = { f->wants, f->olds, f->which };
	struct zstd_encoder *e = zstd_encoder_new();
	AUTO_STRBUF struct strbuf packed = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	const struct zstd_settings s = {
		.level = 3,
		.content_len = strlen(f->content),
		.prefix = f->prefix,
		.prefix_len = f->prefix ? strlen(f->prefix) : 0,
	};

	take_frame_head(out, &head);
	assert_works(&err, zstd_encoder_begin(e, &s, &err));
	assert_works(&err, zstd_encoder_push(e, f->content, strlen(f->content),
					     &packed, &err));
	assert_works(&err, zstd_encoder_end(e, &packed, &err));
	zstd_encoder_free(e);
	take_frame_data(out, packed.buf, packed.len);
	take_frame_end(out);
}

static int read_all(const struct strbuf *bytes, size_t step, struct err *err)
{
	struct got got = { 0 };
	AUTO_TAKE_READER struct take_reader r = {
		.wants = wants,
		.nr = ARRAY_SIZE(wants),
		.old = get_old,
		.content = get_content,
		.ctx = &got,
		TAKE_READER_INIT,
	};
	int ret = 0;

	for (size_t at = 0; !ret && at < bytes->len; at += step) {
		size_t n = bytes->len - at < step ? bytes->len - at : step;

		ret = take_reader_push(&r, bytes->buf + at, n, err);
	}
	if (!ret)
		ret = take_reader_finish(&r, err);
	if (!ret)
		assert_int_equal(got.nr, ARRAY_SIZE(wants));
	return ret;
}

static const struct frame good[] = {
	{ 2, 0, { 0 }, "one", NULL },
	{ 2, 1, { 2 }, "three", OLD },
	{ 1, 0, { 0 }, "five", NULL },
};

static void test_pieces(void **state UNUSED)
{
	AUTO_STRBUF struct strbuf bytes = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		add_frame(&bytes, &good[i]);
	for (size_t step = 1; step < 20; step++)
		assert_works(&err, read_all(&bytes, step, &err));
	assert_works(&err, read_all(&bytes, bytes.len, &err));
	for (size_t len = 0; len < bytes.len; len++) {
		strbuf_setlen(&bytes, bytes.len - 1);
		assert_fails_with(&err, ERR_FAILED, read_all(&bytes, 7, &err));
	}
}

static void test_lies(void **state UNUSED)
{
	static const struct frame lies[] = {
		{ 0, 0, { 0 }, "", NULL },
		{ 6, 0, { 0 }, "onethreefive", NULL },
		{ 4294967295u, 0, { 0 }, "one", NULL },
		{ 2, 3, { 0 }, "one", NULL },
		{ 3, 1, { 0 }, "onethree", OLD }, /* has none */
		{ 3, 1, { 4 }, "onethree", OLD }, /* not of this frame */
		{ 3, 2, { 2, 2 }, "onethree", OLD OLD },
		{ 1, 0, { 0 }, "onE", NULL },
		{ 1, 0, { 0 }, "on", NULL },
		{ 1, 0, { 0 }, "onemore", NULL },
		{ 5, 0, { 0 }, "onethreefiv", NULL },
		{ 3, 0, { 0 }, "onethree", OLD }, /* not said to be there */
	};

	for (size_t i = 0; i < ARRAY_SIZE(lies); i++) {
		AUTO_STRBUF struct strbuf bytes = STRBUF_INIT;
		AUTO_ERR struct err err = ERR_INIT;

		add_frame(&bytes, &lies[i]);
		if (read_all(&bytes, 5, &err) != ERR_FAILED)
			fail_msg("lie %zu was taken", i);
	}
}

static void test_too_much(void **state UNUSED)
{
	static const char big[] = { 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0 };
	AUTO_STRBUF struct strbuf bytes = STRBUF_INIT, tail = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	strbuf_add(&bytes, big, sizeof(big)); /* a chunk above the limit */
	assert_fails_with(&err, ERR_FAILED, read_all(&bytes, 1, &err));
	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		add_frame(&tail, &good[i]);
	strbuf_addch(&tail, 0);
	assert_fails_with(&err, ERR_FAILED, read_all(&tail, 1000, &err));
}

static void test_want_fields(void **state UNUSED)
{
#define ID "0123456789012345678901234567890123456789"
	static const char *const bad[] = {
		"",
		ID,
		ID " - 1 f ",
		ID " - 1 x p",
		ID " - -1 f p",
		ID " - 1 f",
		ID " - 1f p",
		ID " -- 1 f p",
		ID " " ID "1 f p",
		"x" ID " - 1 f p",
		ID " - 99999999999999 f p",
		ID " - 4096 l p",
	};
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	struct take_want w;

	assert_works(&err, take_want_parse(ID " " ID " 7 l a b\nc", &w, &err));
	assert_true(w.has_old && w.is_link && w.size == 7);
	assert_string_equal(w.path, "a b\nc");
	take_want_format(&w, &text);
	assert_string_equal(text.buf, ID " " ID " 7 l a b\nc");
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_fails_with(&err, ERR_FAILED,
				  take_want_parse(bad[i], &w, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_too_much),
		cmocka_unit_test(test_want_fields),
	};

	return cmocka_run_group_tests(tests, make_wants, NULL);
}
