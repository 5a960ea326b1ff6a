/* Deployer's log of releases: the right line, and nothing from a bad one. */
#include "common/base/base.h"
#include "common/text/deployer_log.h"
#include "tests/unit/unit.h"

#define COMMIT "0123456789012345678901234567890123456789"

static bool find(const char *text, struct deployer_release *out)
{
	return deployer_log_find(text, strlen(text), "7", out);
}

static void test_found(void **state UNUSED)
{
	struct deployer_release r;

	assert_true(find("{\"release_name\":\"7\",\"target\":\"v1\"}", &r));
	assert_string_equal(r.target, "v1");
	assert_string_equal(r.revision, "");
	/* The last one counts; a number, blanks, other members. */
	assert_true(find("{\"release_name\":\"7\",\"target\":\"v1\"}\n"
			 " { \"user\" : \"\\\"7\\\\\", \"release_name\": 7 ,"
			 "\"revision\":\"" COMMIT "\", \"n\":null} \r\n"
			 "{\"release_name\":\"8\",\"target\":\"v3\"}\n",
			 &r));
	assert_string_equal(r.revision, COMMIT);
	assert_string_equal(r.target, "");
	assert_true(
		find("{\"release_name\":\"7\",\"target\":\"" COMMIT "\"}", &r));
	assert_string_equal(r.revision, COMMIT);
}

static void test_not_believed(void **state UNUSED)
{
	static const char *const bad[] = {
		"",
		"\n\n",
		"{",
		"{}",
		"{\"release_name\":\"7\"",
		"{\"release_name\":\"7\"} x",
		"{\"release_name\":\"7",
		"{\"release_name\":\"7\\",
		"{\"release_name\" \"7\"}",
		"{\"release_name\":{\"7\":1}}",
		"[{\"release_name\":\"7\"}]",
		"{\"release_name\":\"\\u0037\"}",
		"{\"release_name\":\"70\"}",
	};
	struct deployer_release r;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (find(bad[i], &r))
			fail_msg("taken: %s", bad[i]);
	/* What is no id, and what is not for terminals. */
	assert_true(find("{\"release_name\":\"7\",\"revision\":\"HEAD\","
			 "\"target\":\"a\033b\"}",
			 &r));
	assert_string_equal(r.revision, "");
	assert_string_equal(r.target, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_not_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
