#include "common/base/base.h"
#include "common/text/similarity.h"

#include "tests/unit/unit.h"

static unsigned int percent(const char *a, const char *b)
{
	AUTO_SIMILARITY_PRINT struct similarity_print x = SIMILARITY_PRINT_INIT;
	AUTO_SIMILARITY_PRINT struct similarity_print y = SIMILARITY_PRINT_INIT;

	similarity_print_make(&x, a, strlen(a), false);
	similarity_print_make(&y, b, strlen(b), false);
	assert_int_equal(similarity_score(&x, &y), similarity_score(&y, &x));
	return similarity_percent(similarity_score(&x, &y));
}

static void test_lines(void **state UNUSED)
{
	assert_int_equal(percent("a\nb\nc\nd\n", "a\nb\nc\nd\n"), 100);
	assert_int_equal(percent("a\nb\nc\nd\n", "d\nc\nb\na\n"), 100);
	assert_int_equal(percent("a\nb\nc\nd\n", "a\nb\nc\nx\n"), 75);
	assert_int_equal(percent("a\nb\nc\nd\n", "a\nb\n"), 50);
	assert_int_equal(percent("a\nb\n", "x\ny\n"), 0);
	/* What is there twice counts as often as both have it. */
	assert_int_equal(percent("a\na\na\na\n", "a\na\nx\ny\n"), 50);
	assert_int_equal(percent("a\nb", "a\nc"), 66);
}

static void test_ends_of_lines(void **state UNUSED)
{
	AUTO_SIMILARITY_PRINT struct similarity_print x = SIMILARITY_PRINT_INIT;
	AUTO_SIMILARITY_PRINT struct similarity_print y = SIMILARITY_PRINT_INIT;

	/* Four of the six bytes of the larger one. */
	assert_int_equal(percent("a\nb\n", "a\r\nb\r\n"), 66);
	similarity_print_make(&x, "a\nb\n", 4, true);
	similarity_print_make(&y, "a\r\nb\r\n", 6, true);
	assert_int_equal(similarity_score(&x, &y), 0);
}

/* A line of any length is compared in pieces. */
static void test_long_line(void **state UNUSED)
{
	char a[641], b[641];

	for (size_t i = 0; i < sizeof(a) - 1; i++)
		a[i] = b[i] = (char)('!' + i / 64);
	a[640] = b[640] = '\0';
	b[0] = 'x';
	assert_int_equal(percent(a, b), 90);
}

static void test_sizes(void **state UNUSED)
{
	assert_int_equal(percent("", ""), 100);
	assert_int_equal(percent("", "a\n"), 0);
	assert_true(similarity_possible(50, 100, SIMILARITY_MAX / 2));
	assert_false(similarity_possible(49, 100, SIMILARITY_MAX / 2));
	assert_true(similarity_possible((uint64_t)1 << 40, (uint64_t)1 << 40,
					SIMILARITY_MAX));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_ends_of_lines),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
