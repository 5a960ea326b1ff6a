#include "common/base/base.h"
#include "tests/unit/unit.h"
#include "common/text/version_order.h"

/* Each comes before all that follow it. */
static void check_ascending(const char *const *versions)
{
	for (size_t i = 0; versions[i]; i++) {
		assert_true(version_has_order(versions[i]));
		assert_int_equal(version_compare(versions[i], versions[i]), 0);
		for (size_t j = i + 1; versions[j]; j++) {
			assert_true(version_compare(versions[i], versions[j]) < 0);
			assert_true(version_compare(versions[j], versions[i]) > 0);
		}
	}
}

static void orders_as_semver_says(void **state UNUSED)
{
	/* The two examples of section 11, and what lies around them. */
	static const char *const versions[] = { "0.9.9",
						"1.0.0-0",
						"1.0.0-2",
						"1.0.0-10",
						"1.0.0-alpha",
						"1.0.0-alpha.1",
						"1.0.0-alpha.beta",
						"1.0.0-beta",
						"1.0.0-beta.2",
						"1.0.0-beta.11",
						"1.0.0-rc.1",
						"1.0.0",
						"1.0.1",
						"1.2.0-x-y-z.--",
						"1.2.0",
						"1.10.0",
						"2.0.0",
						"2.1.0",
						"2.1.1",
						"18446744073709551616.0.0",
						"99999999999999999999999.0.0",
						NULL };

	check_ascending(versions);
}

static void orders_calendar_versions(void **state UNUSED)
{
	static const char *const versions[] = {
		"2025.12.31", "2026.1",	   "2026.2",	  "2026.11-rc.1",
		"2026.11",    "2026.11.1", "2026.11.1.1", "2026.11.2",
		"2026.11.26", "2026.12",   "2027",	  NULL
	};

	check_ascending(versions);
}

static void knows_equals(void **state UNUSED)
{
	assert_int_equal(version_compare("1.2", "1.2.0"), 0);
	assert_int_equal(version_compare("2026.01.05", "2026.1.5"), 0);
	assert_int_equal(version_compare("1.0.0+a", "1.0.0+b"), 0);
	assert_int_equal(version_compare("1.0.0-rc.1+a", "1.0.0-rc.1"), 0);
	assert_int_equal(version_compare("0", "0.0.0"), 0);
}

static void refuses_other_forms(void **state UNUSED)
{
	static const char *const others[] = {
		"",	".",	    "1.",     ".1",	"1..2",
		"x",	"1.x",	    "1.0_1",  "1.0-",	"1.0-a.",
		"1.0+", "1.0-a..b", "v1",     "1.0rc1", "-1",
		"1 0",	"1.0+a+b",  "1.0-\n", NULL
	};

	for (size_t i = 0; others[i]; i++)
		assert_false(version_has_order(others[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_as_semver_says),
		cmocka_unit_test(orders_calendar_versions),
		cmocka_unit_test(knows_equals),
		cmocka_unit_test(refuses_other_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
