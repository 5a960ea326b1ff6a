#include "common/base/base.h"
#include "common/git/repo.h"
#include "git-drift/line_changes.h"

#include "tests/unit/unit.h"

static struct file_text text(const char *s)
{
	return (struct file_text){ .data = s, .len = strlen(s) };
}

/* Compares two texts; the result in the words of a diff, counted from 0. */
static void expect(const char *old, const char *new, const char *want)
{
	AUTO_LINE_CHANGES struct line_changes c = LINE_CHANGES_INIT;
	AUTO_STRBUF struct strbuf got = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	struct file_text a = text(old), b = text(new);

	assert_int_equal(line_changes_find(&a, &b, &c, &err), 0);
	for (size_t i = 0; i < c.nr; i++)
		strbuf_addf(&got, "%u,%u %u,%u;", c.v[i].old_start,
			    c.v[i].old_nr, c.v[i].new_start, c.v[i].new_nr);
	assert_string_equal(got.buf, want);
}

static void test_ranges(void **state UNUSED)
{
	expect("a\nb\n", "a\nb\n", "");
	expect("a\nb\nc\n", "a\nx\nc\n", "1,1 1,1;");
	expect("a\nb\n", "a\nx\ny\nb\n", "1,0 1,2;");
	expect("a\nb\n", "x\na\nb\n", "0,0 0,1;");
	expect("a\nb\nc\n", "a\nc\n", "1,1 1,0;");
	expect("a\nb\nc\nd\ne\n", "x\nb\nc\nd\ny\n", "0,1 0,1;4,1 4,1;");
}

static void test_ends(void **state UNUSED)
{
	expect("", "a\n", "0,0 0,1;");
	expect("a\n", "", "0,1 0,0;");
	expect("a\nb", "a\nb\n", "1,1 1,1;");
	expect("a\r\nb\r\n", "a\nb\r\n", "0,1 0,1;");
}

static void test_binary(void **state UNUSED)
{
	char late[8001];
	struct file_text t = { .data = late, .len = sizeof(late) };

	memset(late, 'a', sizeof(late));
	assert_false(file_text_is_binary(&t));
	late[8000] = '\0';
	assert_false(file_text_is_binary(&t));
	late[7999] = '\0';
	assert_true(file_text_is_binary(&t));
	assert_false(file_text_is_binary(&(struct file_text){ 0 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_binary),
	};

	git_libgit2_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
