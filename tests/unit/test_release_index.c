/*
 * The index of a release: what is written is read back and found, and a last
 * line that is cut short is refused, not read beyond.
 */
#include "common/base/base.h"
#include "common/text/release_index.h"
#include "tests/unit/unit.h"

#define SUM "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct index_entry entries[] = {
	{ .path = "a", .path_len = 1, .mode = 040755, .ino = 7 },
	{ .path = "a-b",
	  .path_len = 3,
	  .mode = 0100644,
	  .oid = { { 1, 2, 3 } },
	  .size = UINT64_MAX,
	  .mtime = 1767225600123456789,
	  .ctime = 1767225600987654321,
	  .ino = UINT64_MAX },
	{ .path = "a/b", .path_len = 3, .mode = 0120777, .size = 4, .ino = 9 },
};

static void write_index(struct strbuf *out, const char *last)
{
	strbuf_addstr(out, RELEASE_INDEX_MAGIC);
	for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
		release_index_add(out, &entries[i]);
	strbuf_addstr(out, last);
}

static int parse(struct release_index *x, struct strbuf *raw)
{
	AUTO_ERR struct err err = ERR_INIT;
	const char *sum;
	size_t len;

	return release_index_parse(x, raw, &len, &sum, &err);
}

static void test_read_back(void **state UNUSED)
{
	AUTO_RELEASE_INDEX struct release_index x = RELEASE_INDEX_INIT;
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT, copy = STRBUF_INIT;

	write_index(&raw, "end 1767225601000000000 " SUM "\n");
	assert_int_equal(parse(&x, &raw), 0);
	assert_int_equal(x.nr, ARRAY_SIZE(entries));
	for (size_t i = 0; i < x.nr; i++) {
		const struct index_entry *want = &entries[i];
		const struct index_entry *e =
			release_index_find(&x, want->path, want->path_len);

		assert_ptr_equal(e, &x.entries[i]);
		assert_int_equal(e->mode, want->mode);
		assert_true(oid_eq(&e->oid, &want->oid));
		assert_true(e->size == want->size && e->ino == want->ino);
		assert_true(e->mtime == want->mtime && e->ctime == want->ctime);
	}
	assert_null(release_index_find(&x, "a/", 2));
	assert_int_equal(release_index_position(&x, "a/", 2), 2);
	assert_int_equal(release_index_position(&x, "b", 1), 3);

	release_index_add(&raw, &entries[1]);
	release_index_copy(&copy, &x, 1, 2);
	assert_int_equal(copy.len, raw.len);
	assert_memory_equal(copy.buf, raw.buf, raw.len);
}

static void test_cut_short(void **state UNUSED)
{
	static const char *const last[] = {
		"end " SUM "\n",
		"end 1 0123456789abcdef\n",
		/* The sum's place begins where "end" does. */
		"end 0123456789abcdef0123456789abcdef"
		"0123456789abcdef0123456789ab\n",
		"en" SUM "\n",
		SUM "\n",
	};

	for (size_t i = 0; i < ARRAY_SIZE(last); i++) {
		AUTO_RELEASE_INDEX struct release_index x = RELEASE_INDEX_INIT;
		AUTO_STRBUF struct strbuf raw = STRBUF_INIT;

		write_index(&raw, last[i]);
		assert_int_equal(parse(&x, &raw), ERR_FAILED);
	}
}

/* Whether a file of this time is settled so many ms later. */
static bool settled(int64_t ctime, uint64_t ms)
{
	const struct index_entry e = { .mtime = ctime, .ctime = ctime };
	const struct release_index x = {
		.sealed_at = (uint64_t)ctime + ms * 1000000,
	};

	return release_index_settled(&x, &e);
}

static void test_settled(void **state UNUSED)
{
	assert_false(settled(1767225600987654321, 0));
	assert_false(settled(1767225600987654321, 20));
	assert_true(settled(1767225600987654321, 21));
	/* Whole seconds: the next edit of this second has them, too. */
	assert_false(settled(1767225600000000000, 21));
	assert_false(settled(1767225600000000000, 2000));
	assert_true(settled(1767225600000000000, 2001));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_back),
		cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_settled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
