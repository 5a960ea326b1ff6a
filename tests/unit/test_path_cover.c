#include "common/base/base.h"
#include "tests/unit/unit.h"

#include "git-serversync/path_cover.h"

struct pair {
	const char *protector, *path;
};

static void test_what_protects(void **state UNUSED)
{
	static const struct pair pairs[] = {
		{ "storage", "storage" },   { "app", "app/a.php" },
		{ "a/b", "a/b/c/d" },	    { "docs", "docs/*.md" },
		{ "docs", "docs/[a-z]/?" }, { "*.md", "*.md" },
		{ "*.md", "README.md" },    { "docs/*", "docs/a" },
		{ "docs/*", "docs/a/b" },   { "docs/*", "docs/*.md" },
		{ "docs/*", "docs/?x" },    { "*.md", "README*.md" },
		{ "a*", "ab*c" },	    { "a*z", "ab*yz" },
		{ "a*z", "ab[xy]z" },	    { "?.md", "a.md" },
		{ "[ab].md", "a.md" },	    { ".*", ".git*" },
		{ "*/x", "a/x" },	    { "*/x", "*/x/y" },
		{ "docs/**", "docs/a/b" },  { "[", "[" },
		{ "a/*/c", "a/b*/c/d" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++)
		if (!path_cover(pairs[i].protector, pairs[i].path))
			fail_msg("'%s' protects '%s'", pairs[i].protector,
				 pairs[i].path);
}

static void test_what_does_not(void **state UNUSED)
{
	static const struct pair pairs[] = {
		{ "app", "apple" },	 { "apple", "app" },
		{ "app/a.php", "app" },	 { "App", "app" },
		{ "app", "a/app" },	 { "*.md", "docs/a.md" },
		{ "*", ".env" },	 { "*", ".*" },
		{ "docs/*", "docs" },	 { "docs/**", "docs" },
		{ "docs/*", "docs/.x" }, { "*.md", ".md" },
		{ "?.md", "??.md" },	 { "?", "*" },
		{ "README.md", "*.md" }, { "README*.md", "*.md" },
		{ "docs", "doc*" },	 { "docs", "*" },
		{ "docs", "*/docs" },	 { "a*z", "a*" },
		{ "a*z", "*z" },	 { "ab*bc", "ab*c" },
		{ "a*b*c", "a*b*bc" },	 { "[ab]*", "a*" },
		{ "[a-c]", "[a-b]" },	 { "a*a", "a" },
		{ "*.md", "*.m[d]" },	 { "a/*/c", "a/c" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++)
		if (path_cover(pairs[i].protector, pairs[i].path))
			fail_msg("'%s' does not protect '%s'",
				 pairs[i].protector, pairs[i].path);
}

/* A file's name has no globs in it, whatever it looks like. */
static void test_files(void **state UNUSED)
{
	static const struct pair covered[] = {
		{ "docs", "docs/a[1].md" }, { "*.md", "a[1].md" },
		{ "a?1?.md", "a[1].md" },   { "[", "[" },
		{ "a[1]", "a[1]" },	    { "?", "*" },
		{ "docs/*", "docs/a/b" },   { "a\\", "a\\" },
	};
	static const struct pair not_covered[] = {
		{ "app", "apple" },	{ "*", ".env" },
		{ "docs/*", "docs" },	{ "docs/*", "docs/.x" },
		{ "a[1].md", "a2.md" }, { "*.md", "docs/a.md" },
		{ "a/b", "a" },		{ "a", "*" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(covered); i++)
		if (!path_cover_file(covered[i].protector, covered[i].path))
			fail_msg("'%s' covers '%s'", covered[i].protector,
				 covered[i].path);
	for (size_t i = 0; i < ARRAY_SIZE(not_covered); i++)
		if (path_cover_file(not_covered[i].protector, not_covered[i].path))
			fail_msg("'%s' does not cover '%s'",
				 not_covered[i].protector, not_covered[i].path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_protects),
		cmocka_unit_test(test_what_does_not),
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
