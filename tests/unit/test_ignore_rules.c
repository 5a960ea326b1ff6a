#include "common/base/base.h"
#include "tests/unit/unit.h"
#include "common/text/ignore_rules.h"
#include "common/text/wildmatch.h"

/* Files of patterns and what they say of paths; a directory ends in "/". */
static void is_top(const struct ignore_rules *r, const char *path, size_t want)
{
	AUTO_STRBUF struct strbuf plain = STRBUF_INIT;
	size_t len = strlen(path);
	bool is_dir = path[len - 1] == '/';

	strbuf_add(&plain, path, len - is_dir);
	if (ignore_rules_top(r, plain.buf, is_dir) != want)
		fail_msg("%s: %zu, not %zu", path,
			 ignore_rules_top(r, plain.buf, is_dir), want);
	assert_int_equal(ignore_rules_match(r, plain.buf, is_dir), want > 0);
}

static void add(struct ignore_rules *r, const char *dir, const char *text)
{
	ignore_rules_add(r, dir, text, strlen(text));
}

static void nothing_is_ignored_without_patterns(void **state UNUSED)
{
	AUTO_IGNORE_RULES struct ignore_rules r = IGNORE_RULES_INIT;

	is_top(&r, "a/b", 0);
	add(&r, "", "");
	add(&r, "", "\n\r\n# a\n   \n!\n/\n//\n!/\n\xef\xbb\xbf");
	is_top(&r, "a/b", 0);
	is_top(&r, "a/", 0);
}

/* gitignore(5), from its first example to its last. */
static void what_the_manual_says(void **state UNUSED)
{
	AUTO_IGNORE_RULES struct ignore_rules r = IGNORE_RULES_INIT;

	add(&r, "",
	    "hello.*\n/foo/*\n!/foo/bar\n/foo/bar/*/q/\ndoc/frotz/\n"
	    "**/deep\nabc/**\nx/**/y\nend \nkept\\ \n\\#hash\n\\!not\n");
	is_top(&r, "hello.c", 7);
	is_top(&r, "a/hello.java", 12);
	is_top(&r, "foo/x", 5);
	is_top(&r, "foo/bar/x", 0);
	is_top(&r, "foo/bar/p/q", 0);
	is_top(&r, "foo/bar/p/q/r/s", 11);
	is_top(&r, "doc/frotz/", 9);
	is_top(&r, "doc/frotz", 0);
	is_top(&r, "a/doc/frotz/", 0);
	is_top(&r, "a/b/deep", 8);
	is_top(&r, "abc/", 0);
	is_top(&r, "abc/d/e", 5);
	is_top(&r, "x/y", 3);
	is_top(&r, "x/1/2/y", 7);
	is_top(&r, "end", 3);
	is_top(&r, "kept ", 5);
	is_top(&r, "#hash", 5);
	is_top(&r, "!not", 4);
}

static void each_file_counts_below_its_directory(void **state UNUSED)
{
	AUTO_IGNORE_RULES struct ignore_rules r = IGNORE_RULES_INIT;

	add(&r, "a/b", "!keep\nonly\n");
	add(&r, "", "*.log\nkeep\n");
	add(&r, "a", "/x\n");
	add(&r, "a", "!/x/\n");
	is_top(&r, "a/b/keep", 0);
	is_top(&r, "a/keep", 6);
	is_top(&r, "a/b/only", 8);
	is_top(&r, "a/only", 0);
	is_top(&r, "a/bb/only", 0);
	is_top(&r, "a/x", 3);
	is_top(&r, "a/x/", 0);
	is_top(&r, "x", 0);
	is_top(&r, "a/b/c/d.log", 11);
}

/* What is in an ignored directory cannot come back. */
static void an_ignored_directory_is_closed(void **state UNUSED)
{
	AUTO_IGNORE_RULES struct ignore_rules r = IGNORE_RULES_INIT;

	add(&r, "", "vendor/\n!vendor/keep\n/logs/*\n!/logs/keep\n");
	add(&r, "vendor", "!*\n");
	is_top(&r, "vendor/keep", 6);
	is_top(&r, "vendor", 0);
	is_top(&r, "logs/keep", 0);
	is_top(&r, "logs/x/keep", 6);
}

static bool wild(const char *pattern, const char *path)
{
	return wildmatch(&(struct wild_text){ pattern, strlen(pattern) },
			 &(struct wild_text){ path, strlen(path) });
}

/* git 2.39 forgets the "a" here, and git 2.52 does not. */
static void stars_behind_a_name_are_one(void **state UNUSED)
{
	assert_true(wild("a**/b", "ax/b"));
	assert_false(wild("a**/b", "ax/y/b"));
	assert_false(wild("a**", "ax/y"));
	assert_true(wild("a/**", "a/x/y"));
}

/* "a*a*a*...b" takes git's own code longer than anybody lives. */
static void no_pattern_takes_forever(void **state UNUSED)
{
	static const char *const pieces[] = { "a*",	   "*a", "a**",	 "**/a",
					      "*[a-b]*/a", "?*", "**/*a" };
	char path[4001];

	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++) {
		AUTO_STRBUF struct strbuf pattern = STRBUF_INIT;

		for (int n = 0; n < 300; n++)
			strbuf_addf(&pattern, "%s%s", pieces[i],
				    pieces[i][0] == '*' && strchr(pieces[i], '/')
					    ? "/"
					    : "");
		strbuf_addstr(&pattern, "b");
		assert_false(wild(pattern.buf, path));
		for (size_t at = 1; at < sizeof(path) - 1; at += 2)
			path[at] = '/';
		assert_false(wild(pattern.buf, path));
		memset(path, 'a', sizeof(path) - 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_ignored_without_patterns),
		cmocka_unit_test(what_the_manual_says),
		cmocka_unit_test(each_file_counts_below_its_directory),
		cmocka_unit_test(an_ignored_directory_is_closed),
		cmocka_unit_test(stars_behind_a_name_are_one),
		cmocka_unit_test(no_pattern_takes_forever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
