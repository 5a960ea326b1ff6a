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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_the_same_is_not_buried),
		cmocka_unit_test(what_is_gone_is_buried_where_it_would_come_back),
		cmocka_unit_test(kinds_are_those_of_git),
		cmocka_unit_test(patterns_are_of_paths_in_git),
	};

	return cmocka_run_group_tests_name("edit_judge", tests, NULL, NULL);
}
