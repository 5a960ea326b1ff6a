#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/text/manifest.h"
#include "common/wire/manifest_frame.h"
#include "tests/unit/unit.h"

#define ID "ce013625030ba8dba906f756967f9e9ca394464a"

/* One entry in git's form. */
static void add(struct strbuf *raw, const char *path)
{
	strbuf_addf(raw, "100644 blob " ID " %7d\t%s", 6, path);
	strbuf_addch(raw, '\0');
}

static int parse_paths(struct manifest *m, const char *const *paths,
		       struct err *err)
{
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT;

	while (*paths)
		add(&raw, *paths++);
	return manifest_parse(m, &raw, err);
}

static void test_good(void **state UNUSED)
{
	const char *const paths[] = { "-a",	    "...",   ".github/x",
				      ".gitignore", "a",     "a\tb\n",
				      "a-b/c",	    "a.b",   "a0",
				      "b/c",	    "b/d.x", "b/d/e",
				      "b/d/f",	    "\377",  NULL };
	AUTO_MANIFEST struct manifest m = MANIFEST_INIT;
	AUTO_STRBUF struct strbuf back = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	size_t i;

	assert_works(&err, parse_paths(&m, paths, &err));
	assert_int_equal(m.nr, 14);
	for (i = 0; i < m.nr; i++) {
		assert_string_equal(m.entries[i].path, paths[i]);
		assert_int_equal(manifest_find(&m, paths[i], strlen(paths[i])),
				 i);
		assert_int_equal(manifest_format_entry(&back, &m.entries[i]), 0);
	}
	assert_int_equal(back.len, m.raw.len);
	assert_memory_equal(back.buf, m.raw.buf, back.len);
	assert_int_equal(manifest_find(&m, "b", 1), -1);
	assert_int_equal(manifest_find(&m, "", 0), -1);
	assert_int_equal(manifest_find(&m, "zz", 2), -1);
}

static void test_bad_paths(void **state UNUSED)
{
	static char long_name[257], long_path[4097];
	const char *bad[][5] = {
		{ "" },
		{ "/a" },
		{ "a/" },
		{ "a//b" },
		{ "." },
		{ ".." },
		{ "a/../b" },
		{ "a/." },
		{ ".git" },
		{ "a/.GiT/b" },
		{ "b", "a" },
		{ "a", "a" },
		{ "a", "a/b" },
		{ "a", "a-b", "a/b" },
		{ "x", "x-", "x-/y", NULL },
		{ "x/.a", "x/." },
		{ "a/b", "a/b-c", "a/b/c" },
		{ "a", "a-", "a-b", "a/b" },
		{ long_name },
		{ long_path },
	};
	size_t i;

	memset(long_name, 'n', 256);
	memset(long_path, 'p', 4096);
	for (i = 100; i < 4096; i += 100)
		long_path[i] = '/';
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		AUTO_MANIFEST struct manifest m = MANIFEST_INIT;
		AUTO_ERR struct err err = ERR_INIT;

		assert_fails_with(&err, ERR_FAILED,
				  parse_paths(&m, bad[i], &err));
		assert_int_equal(m.nr, 0);
	}
	long_name[255] = '\0';
	assert_true(manifest_path_ok(long_name, 255));
	assert_false(manifest_path_ok("a/.git", 6));
}

static void test_bad_heads(void **state UNUSED)
{
	static const char *const bad[] = {
		"100600 blob " ID "       6\ta",
		"160000 blob " ID "       6\ta",
		"040000 blob " ID "       6\ta",
		"100644 tree " ID "       6\ta",
		"160000 commit " ID "       -\ta",
		"100644 blob " ID "       -\ta",
		"100644 blob " ID " 0000006\ta",
		"100644 blob " ID "       06\ta",
		"100644 blob " ID "      6\ta",
		"100644 blob " ID "        6\ta",
		"100644 blob " ID " 12345678\t",
		"100644 blob " ID " 99999999999999\ta",
		"100644 blob " ID "       6 a",
		"100644 blob  " ID "      6\ta",
		("100644 blob CE013625030ba8dba906f756967f9e9ca394464a"
		 "       6\ta"),
		"100644",
		"",
	};
	AUTO_STRBUF struct strbuf cut = STRBUF_INIT;
	AUTO_MANIFEST struct manifest m = MANIFEST_INIT;
	AUTO_ERR struct err cut_err = ERR_INIT;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		AUTO_STRBUF struct strbuf raw = STRBUF_INIT;
		AUTO_ERR struct err err = ERR_INIT;

		strbuf_add(&raw, bad[i], strlen(bad[i]) + 1);
		assert_fails_with(&err, ERR_FAILED,
				  manifest_parse(&m, &raw, &err));
	}
	add(&cut, "a");
	strbuf_setlen(&cut, cut.len - 1);
	assert_fails_with(&cut_err, ERR_FAILED,
			  manifest_parse(&m, &cut, &cut_err));
}

static void test_error_is_quoted(void **state UNUSED)
{
	const char *paths[] = { "b\033[2J/../x", NULL };
	AUTO_MANIFEST struct manifest m = MANIFEST_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	assert_fails_with(&err, ERR_FAILED, parse_paths(&m, paths, &err));
	assert_null(strchr(err.msg.buf, '\033'));
	assert_non_null(strstr(err.msg.buf, "b\\033[2J/../x"));
}

static void test_walk(void **state UNUSED)
{
	const char *const a[] = { "a", "b", "d", NULL };
	const char *const b[] = { "b", "c", "d", "e", NULL };
	static const enum manifest_change kinds[] = {
		MANIFEST_DELETED, MANIFEST_SAME, MANIFEST_ADDED,
		MANIFEST_MODIFIED, MANIFEST_ADDED
	};
	AUTO_MANIFEST struct manifest old = MANIFEST_INIT;
	AUTO_MANIFEST struct manifest new = MANIFEST_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	struct manifest_walk w = { .old = &old, .new = &new };
	struct manifest_walk none = { .new = &new };
	size_t i = 0;

	assert_works(&err, parse_paths(&old, a, &err));
	assert_works(&err, parse_paths(&new, b, &err));
	new.entries[2].mode = MANIFEST_EXECUTABLE;
	while (manifest_walk_next(&w)) {
		assert_int_equal(w.kind, kinds[i]);
		assert_true((w.kind == MANIFEST_ADDED) ==
			    (w.old_index == MANIFEST_NONE));
		assert_true((w.kind == MANIFEST_DELETED) ==
			    (w.new_index == MANIFEST_NONE));
		i++;
	}
	assert_int_equal(i, ARRAY_SIZE(kinds));
	while (manifest_walk_next(&none))
		assert_int_equal(none.kind, MANIFEST_ADDED);
}

/* Every entry with its own random id, about a third of them left out. */
static void random_manifest(struct manifest *m, unsigned int seed,
			    unsigned int edit)
{
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT, path = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	unsigned int i;

	for (i = 0; i < 500; i++) {
		struct manifest_entry e = { .mode = MANIFEST_FILE };
		unsigned int r = (seed + i) * 2654435761u >> 7;
		unsigned int k = i % 7 == edit ? r : i;

		if (r % 3 == 0)
			continue;
		strbuf_reset(&path);
		strbuf_addf(&path, "dir%02u/file%03u", i / 20, i);
		e.path = path.buf;
		e.path_len = (uint32_t)path.len;
		memcpy(e.oid.b, &k, sizeof(k));
		e.size = k;
		if (r % 11 == 0)
			e.mode = MANIFEST_EXECUTABLE;
		manifest_format_entry(&raw, &e);
	}
	assert_works(&err, manifest_parse(m, &raw, &err));
}

static int decode(const struct manifest *old, const struct strbuf *frame,
		  struct manifest *back, struct err *err)
{
	struct manifest_frame_decoder d = MANIFEST_FRAME_DECODER_INIT;
	int ret = manifest_frame_begin(&d, old, err);
	size_t i;

	for (i = 0; !ret && i < frame->len; i++)
		ret = manifest_frame_push(&d, frame->buf + i, 1, err);
	if (!ret)
		ret = manifest_frame_finish(&d, back, err);
	manifest_frame_release(&d);
	return ret;
}

static void test_frame(void **state UNUSED)
{
	unsigned int seed;

	for (seed = 0; seed < 20; seed++) {
		AUTO_MANIFEST struct manifest old = MANIFEST_INIT;
		AUTO_MANIFEST struct manifest new = MANIFEST_INIT;
		AUTO_MANIFEST struct manifest back = MANIFEST_INIT;
		AUTO_STRBUF struct strbuf frame = STRBUF_INIT;
		AUTO_ERR struct err err = ERR_INIT;
		const struct manifest *base = seed ? &old : NULL;

		random_manifest(&old, 1, 9);
		random_manifest(&new, seed, seed % 7);
		assert_works(&err,
			     manifest_frame_encode(base, &new, &frame, &err));
		assert_works(&err, decode(base, &frame, &back, &err));
		assert_int_equal(back.raw.len, new.raw.len);
		assert_memory_equal(back.raw.buf, new.raw.buf, new.raw.len);
	}
}

static void test_broken_frame(void **state UNUSED)
{
	AUTO_MANIFEST struct manifest old = MANIFEST_INIT;
	AUTO_MANIFEST struct manifest new = MANIFEST_INIT;
	AUTO_STRBUF struct strbuf frame = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	size_t i, len;

	random_manifest(&old, 1, 9);
	random_manifest(&new, 2, 3);
	assert_works(&err, manifest_frame_encode(&old, &new, &frame, &err));
	/* No single bit may go wrong unseen. */
	for (i = 0; i < frame.len; i += 7) {
		AUTO_MANIFEST struct manifest back = MANIFEST_INIT;
		AUTO_ERR struct err bad = ERR_INIT;

		frame.buf[i] ^= 1 << i % 8;
		/* Some bits of a zstd header mean nothing; then all is well. */
		if (decode(&old, &frame, &back, &bad) == 0)
			assert_memory_equal(back.raw.buf, new.raw.buf,
					    new.raw.len);
		frame.buf[i] ^= 1 << i % 8;
	}
	len = frame.len;
	for (i = 0; i < len; i += 101) {
		AUTO_MANIFEST struct manifest back = MANIFEST_INIT;
		AUTO_ERR struct err bad = ERR_INIT;

		strbuf_setlen(&frame, len - 1 - i);
		assert_fails_with(&bad, ERR_FAILED,
				  decode(&old, &frame, &back, &bad));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad_paths),
		cmocka_unit_test(test_bad_heads),
		cmocka_unit_test(test_error_is_quoted),
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_frame),
		cmocka_unit_test(test_broken_frame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
