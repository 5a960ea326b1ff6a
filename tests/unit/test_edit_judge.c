#include "common/base/base.h"
#include "tests/unit/unit.h"
#include "common/text/edit_judge.h"

/* What a release buries, and what it does not. */

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static void add(struct strbuf *raw, const char *line)
{
	strbuf_add(raw, line, strlen(line) + 1);
}

static void take(struct manifest *m)
{
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	add(&raw, "100644 blob " A "       1\tfile");
	add(&raw, "120000 blob " A "       1\tlink");
	add(&raw, "100755 blob " A "       1\tprogram");
	assert_works(&err, manifest_parse(m, &raw, &err));
}

static void what_is_the_same_is_not_buried(void **state UNUSED)
{
	AUTO_MANIFEST struct manifest m = MANIFEST_INIT;
	struct oid a, b;

	take(&m);
	assert_int_equal(oid_from_hex(A, &a), 0);
	assert_int_equal(oid_from_hex(B, &b), 0);
	assert_false(edit_is_buried(&m, "file", MANIFEST_FILE, &a));
	assert_true(edit_is_buried(&m, "file", MANIFEST_FILE, &b));
	assert_true(edit_is_buried(&m, "file", MANIFEST_EXECUTABLE, &a));
	assert_true(edit_is_buried(&m, "file", MANIFEST_SYMLINK, &a));
	assert_false(edit_is_buried(&m, "link", MANIFEST_SYMLINK, &a));
	assert_true(edit_is_buried(&m, "link", MANIFEST_FILE, &a));
	assert_true(edit_is_buried(&m, "new", MANIFEST_FILE, &a));
	assert_true(edit_is_buried(&m, "fil", MANIFEST_FILE, &a));
}

static void what_is_gone_is_buried_where_it_would_come_back(void **state UNUSED)
{
	AUTO_MANIFEST struct manifest m = MANIFEST_INIT;
	const struct oid none = { { 0 } };

	take(&m);
	assert_true(edit_is_buried(&m, "file", 0, &none));
	assert_false(edit_is_buried(&m, "old", 0, &none));
}

static void kinds_are_those_of_git(void **state UNUSED)
{
	assert_int_equal(edit_kind(S_IFREG | 0666), MANIFEST_FILE);
	assert_int_equal(edit_kind(S_IFREG | 0655), MANIFEST_FILE);
	assert_int_equal(edit_kind(S_IFREG | 0700), MANIFEST_EXECUTABLE);
	assert_int_equal(edit_kind(S_IFLNK | 0777), MANIFEST_SYMLINK);
	assert_int_equal(edit_kind(S_IFDIR | 0755), 0);
	assert_int_equal(edit_kind(S_IFIFO | 0755), 0);
	assert_int_equal(edit_kind(0), 0);
}

static void patterns_are_of_paths_in_git(void **state UNUSED)
{
	AUTO_EDIT_JUDGE struct edit_judge j = EDIT_JUDGE_INIT;

	assert_false(edit_judge_excluded(&j, "cache/x", false));
	edit_judge_exclude(&j, "/shop/cache/");
	edit_judge_exclude(&j, "*.log");
	assert_false(edit_judge_excluded(&j, "cache/x", false));
	assert_true(edit_judge_excluded(&j, "a/b.log", false));
	j.prefix = "shop";
	assert_true(edit_judge_excluded(&j, "cache/x", false));
	assert_false(edit_judge_excluded(&j, "cache", false));
	assert_true(edit_judge_excluded(&j, "cache", true));
	assert_false(edit_judge_excluded(&j, "a/cache/x", false));
}

#define ZEROS "0000000000000000000000000000000000000000"

static void what_is_known_is_exactly_that(void **state UNUSED)
{
	AUTO_EDIT_JUDGE struct edit_judge j = EDIT_JUDGE_INIT;
	struct oid a, b, none = { { 0 } };

	assert_int_equal(oid_from_hex(A, &a), 0);
	assert_int_equal(oid_from_hex(B, &b), 0);
	assert_false(edit_judge_knows(&j, "file", MANIFEST_FILE, &a));
	assert_true(edit_judge_know(&j, "100755 " B " program"));
	assert_true(edit_judge_know(&j, "100644 " A " file"));
	assert_true(edit_judge_knows(&j, "file", MANIFEST_FILE, &a));
	assert_true(edit_judge_know(&j, "000000 " ZEROS " a b\nc"));
	assert_true(edit_judge_knows(&j, "program", MANIFEST_EXECUTABLE, &b));
	assert_true(edit_judge_knows(&j, "a b\nc", 0, &a));
	assert_false(edit_judge_knows(&j, "file", MANIFEST_FILE, &b));
	assert_false(edit_judge_knows(&j, "file", MANIFEST_EXECUTABLE, &a));
	assert_false(edit_judge_knows(&j, "program", MANIFEST_EXECUTABLE, &a));
	assert_false(edit_judge_knows(&j, "file", 0, &none));
	assert_false(edit_judge_knows(&j, "a b\nc", MANIFEST_FILE, &none));
	assert_false(edit_judge_knows(&j, "fil", MANIFEST_FILE, &a));
}

static void known_edits_are_sorted_each_once(void **state UNUSED)
{
	static const char *const want[] = { "000000 " ZEROS " a",
					    "100644 " A " a", "100644 " B " a",
					    "120000 " A " b" };
	AUTO_EDIT_JUDGE struct edit_judge j = EDIT_JUDGE_INIT;

	for (size_t i = 2 * ARRAY_SIZE(want); i--;)
		assert_true(edit_judge_know(&j, want[i / 2]));
	edit_judge_sort(&j);
	assert_int_equal(j.nr_known, ARRAY_SIZE(want));
	for (size_t i = 0; i < j.nr_known; i++) {
		AUTO_STRBUF struct strbuf out = STRBUF_INIT;

		known_edit_format(&j.known[i], &out);
		assert_string_equal(out.buf, want[i]);
	}
}

static void what_is_not_in_order_is_not_known(void **state UNUSED)
{
	static const char *const bad[] = {
		"",
		"100644",
		"100644 " A,
		"100644 " A " ",
		"100644  " A " file",
		"100644 " A "\tfile",
		"0100644 " A " file",
		"-00644 " A " file",
		"100664 " A " file",
		"040000 " A " dir",
		"160000 " A " sub",
		"100648 " A " file",
		"000000 " A " file",
		"100644 " ZEROS " file",
		"100644 AAAAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa file",
		"100644 " A " /file",
		"100644 " A " a/../b",
		"100644 " A " .git/config",
		"100644 " A "x file",
	};
	AUTO_EDIT_JUDGE struct edit_judge j = EDIT_JUDGE_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(edit_judge_know(&j, bad[i]));
	assert_int_equal(j.nr_known, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_the_same_is_not_buried),
		cmocka_unit_test(what_is_gone_is_buried_where_it_would_come_back),
		cmocka_unit_test(kinds_are_those_of_git),
		cmocka_unit_test(patterns_are_of_paths_in_git),
		cmocka_unit_test(what_is_known_is_exactly_that),
		cmocka_unit_test(known_edits_are_sorted_each_once),
		cmocka_unit_test(what_is_not_in_order_is_not_known),
	};

	return cmocka_run_group_tests_name("edit_judge", tests, NULL, NULL);
}
