#include "common/base/base.h"
#include "tests/unit/unit.h"
#include "common/text/push_report.h"

static void assert_says(const char *report, const char *want)
{
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;

	push_report_rejections(report, &out);
	assert_string_equal(out.buf, want);
}

static void names_what_was_rejected(void **state UNUSED)
{
	assert_says(
		"To /srv/origin.git\n"
		"!\tabc:refs/heads/main\t[remote rejected] (hook declined)\n"
		"!\tabc:refs/tags/v1\t[rejected] (stale info)\n"
		" \tabc:refs/heads/fine\t1..2\nDone\n",
		"main: [remote rejected] (hook declined), "
		"v1: [rejected] (stale info)");
}

static void leaves_out_who_only_shared_the_fate(void **state UNUSED)
{
	assert_says("!\tabc:refs/heads/a\t[rejected] (atomic push failed)\n"
		    "!\tabc:refs/heads/b\t[rejected] (stale info)\n",
		    "b: [rejected] (stale info)");
	assert_says("!\tabc:refs/heads/a\t[rejected] (atomic push failed)\n",
		    "a: [rejected] (atomic push failed)");
}

static void is_not_confused(void **state UNUSED)
{
	assert_says("", "");
	assert_says("!\n!\t\n!\tx\n!\tx:y\n!\tx\ty\n", "");
	assert_says("!\t:refs/heads/\t", "refs/heads/: ");
	assert_says("!\ta:refs/heads/x\033[2J\twhy\033\n",
		    "x\\033[2J: why\\033");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_what_was_rejected),
		cmocka_unit_test(leaves_out_who_only_shared_the_fate),
		cmocka_unit_test(is_not_confused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
