#include "common/base/base.h"
#include "common/git/repo.h"
#include "git-drift/clash_places.h"

#include "tests/unit/unit.h"

static struct file_text text(const char *s)
{
	return (struct file_text){ .data = s, .len = strlen(s) };
}

/* "base;ours;theirs|..." as start,count, lines from 0. */
static void expect(const char *base, const char *ours, const char *theirs,
		   const char *want)
{
	AUTO_CONTENT_MERGE struct content_merge m = CONTENT_MERGE_INIT;
	AUTO_STRBUF struct strbuf got = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	struct file_text a = text(base), b = text(ours), c = text(theirs);

	assert_works(&err, clash_places_find(&a, &b, &c, &m, &err));
	for (size_t i = 0; i < m.nr; i++)
		strbuf_addf(&got, "%u,%u;%u,%u;%u,%u|", m.clashes[i].base_start,
			    m.clashes[i].base_nr, m.clashes[i].ours_start,
			    m.clashes[i].ours_nr, m.clashes[i].theirs_start,
			    m.clashes[i].theirs_nr);
	assert_string_equal(got.buf, want);
}

static void test_one(void **state UNUSED)
{
	expect("a\nb\nc\n", "a\nx\nc\n", "a\ny\nc\n", "1,1;1,1;1,1|");
	expect("a\n", "a\nx\n", "a\ny\ny\n", "1,0;1,1;1,2|");
	expect("", "x\n", "y\nz\n", "0,0;0,1;0,2|");
	/* Next to each other is too near, a line between them is not. */
	expect("a\nb\nc\n", "x\nb\nc\n", "a\ny\nc\n", "0,2;0,2;0,2|");
	expect("a\nb\nc\n", "a\nc\n", "a\ny\nc\n", "1,1;1,0;1,1|");
}

/* Places are counted in each text, behind what changed its length before. */
static void test_several(void **state UNUSED)
{
	expect("a\nb\nc\nd\ne\nf\ng\n", "n\nn\na\nb\nX\nd\ne\nf\nX\n",
	       "a\nb\nY\nd\nf\nY\n", "2,1;4,1;2,1|6,1;8,1;5,1|");
	expect("a\nb\nc\nd\ne\n", "X\nb\nsame\nd\nX\n", "Y\nb\nsame\nd\nY\n",
	       "0,1;0,1;0,1|4,1;4,1;4,1|");
}

/* One side's long change meets several of the other's. */
static void test_grown(void **state UNUSED)
{
	expect("a\nb\nc\nd\ne\nf\n", "X\nf\n", "a\nY\nc\nY\ne\nf\n",
	       "0,5;0,1;0,5|");
	expect("a\nb\nc\nd\ne\n", "X\nX\nc\nd\ne\n", "a\nY\nY\nd\ne\n",
	       "0,3;0,3;0,3|");
}

/* Never nothing: whoever asks has seen the merge fail. */
static void test_at_least_one(void **state UNUSED)
{
	expect("a\nb\n", "x\nb\n", "a\nb\n", "0,2;0,2;0,2|");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_grown),
		cmocka_unit_test(test_at_least_one),
	};

	git_libgit2_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
