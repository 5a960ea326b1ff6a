#include "common/base/base.h"
#include "tests/unit/unit.h"
#include "common/sys/clock.h"

static void check(const char *text, int64_t want, int64_t want_length)
{
	int64_t when = -7, length = -7;

	assert_int_equal(clock_parse(text, &when, &length), 0);
	assert_int_equal(when, want);
	assert_int_equal(length, want_length);
	assert_int_equal(clock_parse(text, &when, NULL), 0);
}

static void reads_what_it_writes(void **state UNUSED)
{
	static const int64_t times[] = { 0, 951782399, 951782400, 1787217660,
					 4102444799 };

	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		char stamp[CLOCK_STAMP_SIZE];

		clock_stamp((time_t)times[i], stamp);
		check(stamp, times[i], 1);
	}
}

static void reads_shorter_forms(void **state UNUSED)
{
	check("2026-08-20", 1787184000, 86400);
	check("2026-08-20T09:21", 1787217660, 60);
	check("2026-08-20 09:21Z", 1787217660, 60);
	check("2026-08-20 09:21:00", 1787217660, 1);
	check("2024-02-29", 1709164800, 86400);
	check("1969-12-31", -86400, 86400);
}

static void refuses_the_rest(void **state UNUSED)
{
	static const char *const bad[] = {
		"",
		"2026",
		"2026-08",
		"2026-8-20",
		"2026-13-01",
		"2026-00-01",
		"2026-01-00",
		"2026-02-29",
		"2026-04-31",
		"2026-01-01x",
		"2026-01-01T",
		"2026-01-01T9:21",
		"2026-01-01T24:00",
		"2026-01-01T00:60",
		"2026-01-01T00:00:60",
		"2026-01-01Z",
		"2026-01-01T00:00:00+1",
		"-026-01-01",
		" 2026-01-01",
		"2026-01-01T00:00:0",
		"today",
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		int64_t when = -7, length = -7;

		assert_int_equal(clock_parse(bad[i], &when, &length), -1);
		assert_int_equal(when, -7);
		assert_int_equal(length, -7);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_it_writes),
		cmocka_unit_test(reads_shorter_forms),
		cmocka_unit_test(refuses_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
