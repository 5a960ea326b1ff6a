#include "common/base/base.h"
#include "tests/unit/unit.h"
#include "git-drift/drop_list.h"

static int add(struct drop_list *list, const char *path, struct err *err)
{
	const struct drop_file file = { .path = path, .mode = S_IFREG | 0644 };

	return drop_list_add(list, &file, err);
}

static void fill(struct drop_list *list, const char *const *paths)
{
	AUTO_ERR struct err err = ERR_INIT;

	for (; *paths; paths++)
		assert_works(&err, add(list, *paths, &err));
}
#define fill_with(list, ...)                                                   \
	fill((list), (const char *const[]){ __VA_ARGS__, NULL })

static void sorts_as_git_does(void **state UNUSED)
{
	AUTO_DROP_LIST struct drop_list list = DROP_LIST_INIT;
	static const char *const want[] = { "a-b", "a/c", "a0", "b", "\xff" };
	AUTO_ERR struct err err = ERR_INIT;

	fill_with(&list, "\xff", "a0", "b", "a/c", "a-b");
	assert_works(&err, drop_list_finish(&list, true, &err));
	assert_int_equal(list.nr, ARRAY_SIZE(want));
	for (size_t i = 0; i < list.nr; i++)
		assert_string_equal(list.v[i].path, want[i]);
	assert_null(list.top);
}

static void takes_the_one_directory_off(void **state UNUSED)
{
	AUTO_DROP_LIST struct drop_list list = DROP_LIST_INIT;
	AUTO_DROP_LIST struct drop_list kept = DROP_LIST_INIT;
	AUTO_DROP_LIST struct drop_list two = DROP_LIST_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	fill_with(&list, "shop/", "shop/b", "shop/a/x", "shop/a/", "shop/e/");
	assert_works(&err, drop_list_finish(&list, true, &err));
	assert_string_equal(list.top, "shop");
	assert_string_equal(list.v[0].path, "a/x");
	assert_string_equal(list.v[1].path, "b");
	assert_int_equal(list.empty.nr, 1);
	assert_string_equal(list.empty.v[0], "e");
	fill_with(&kept, "shop/b");
	assert_works(&err, drop_list_finish(&kept, false, &err));
	assert_string_equal(kept.v[0].path, "shop/b");
	fill_with(&two, "shop/b", "shop2/b");
	assert_works(&err, drop_list_finish(&two, true, &err));
	assert_null(two.top);
}

static void keeps_a_directory_beside_an_empty_one(void **state UNUSED)
{
	AUTO_DROP_LIST struct drop_list list = DROP_LIST_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	fill_with(&list, "shop/b", "other/");
	assert_works(&err, drop_list_finish(&list, true, &err));
	assert_null(list.top);
	assert_string_equal(list.empty.v[0], "other");
}

static void finds_what_is_there_twice(void **state UNUSED)
{
	AUTO_DROP_LIST struct drop_list twice = DROP_LIST_INIT;
	AUTO_DROP_LIST struct drop_list both = DROP_LIST_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	fill_with(&twice, "a", "b", "a");
	assert_fails_with(&err, ERR_REFUSED,
			  drop_list_finish(&twice, true, &err));
	assert_string_equal(err.msg.buf, "'a' is there twice");
	fill_with(&both, "a", "a-b", "a.c", "a/b", "a0");
	assert_fails_with(&err, ERR_REFUSED, drop_list_finish(&both, true, &err));
	assert_string_equal(err.msg.buf,
			    "'a' is a file and a directory at once");
}

static void tells_what_differs_in_case_alone(void **state UNUSED)
{
	AUTO_DROP_LIST struct drop_list list = DROP_LIST_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	fill_with(&list, "README", "a/B", "a/b", "other", "readme");
	assert_works(&err, drop_list_finish(&list, true, &err));
	assert_int_equal(list.clashes.nr, 2);
	assert_string_equal(list.clashes.v[1], "README, readme");
}

static void names_its_ceilings(void **state UNUSED)
{
	AUTO_DROP_LIST struct drop_list list = DROP_LIST_INIT;
	struct drop_file file = { .path = "a", .mode = S_IFREG };
	AUTO_ERR struct err err = ERR_INIT;

	assert_fails_with(&err, ERR_REFUSED, drop_list_finish(&list, true, &err));
	file.size = (uint64_t)DROP_FILE_MAX + 1;
	assert_fails_with(&err, ERR_REFUSED, drop_list_add(&list, &file, &err));
	assert_non_null(strstr(err.msg.buf, "512 MiB"));
	list.packed_bytes = 1 << 20;
	file.size = 200u << 20;
	assert_works(&err, drop_list_add(&list, &file, &err));
	file.size = 2u << 20;
	assert_fails_with(&err, ERR_REFUSED, drop_list_add(&list, &file, &err));
	assert_non_null(strstr(err.msg.buf, "200 times"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorts_as_git_does),
		cmocka_unit_test(takes_the_one_directory_off),
		cmocka_unit_test(keeps_a_directory_beside_an_empty_one),
		cmocka_unit_test(finds_what_is_there_twice),
		cmocka_unit_test(tells_what_differs_in_case_alone),
		cmocka_unit_test(names_its_ceilings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
