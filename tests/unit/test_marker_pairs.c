#include "common/base/base.h"
#include "tests/unit/unit.h"
#include "common/text/marker_pairs.h"

static void scan(struct marker_pairs *mp, const char *text)
{
	marker_pairs_scan(mp, text, strlen(text), "ZAJ");
}

/* The id of the only pair, or NULL when there is none or a fault. */
static void assert_id(const char *text, const char *want)
{
	AUTO_MARKER_PAIRS struct marker_pairs mp = MARKER_PAIRS_INIT;

	scan(&mp, text);
	if (mp.all_faults || mp.nr != 1 || mp.v[0].id_len != strlen(want) ||
	    memcmp(mp.v[0].id, want, mp.v[0].id_len) != 0)
		fail_msg("not one pair '%s' in: %s", want, text);
}

static void test_any_comment_syntax(void **state UNUSED)
{
	assert_id("// ZAJ:BEGIN MOD-001\n// ZAJ:END MOD-001\n", "MOD-001");
	assert_id("# ZAJ:BEGIN MOD-001 why it is\n# ZAJ:END\n", "MOD-001");
	assert_id("/*ZAJ:BEGIN MOD-001*/\n/*ZAJ:END MOD-001*/\n", "MOD-001");
	assert_id("<!--ZAJ:BEGIN MOD-001-->\n<!--ZAJ:END-->\n", "MOD-001");
	assert_id("{{-- ZAJ:BEGIN a.b_c-9 --}}\n{{-- ZAJ:END --}}\n",
		  "a.b_c-9");
	assert_id("-- ZAJ:BEGIN x.\n-- ZAJ:END x;", "x");
	assert_id("dnl ZAJ:BEGIN\t \tx\r\ndnl ZAJ:END x\r\n", "x");
	assert_id("/* ZAJ:BEGIN x */ code(); /* ZAJ:END x */", "x");
}

static void assert_nothing(const char *text)
{
	AUTO_MARKER_PAIRS struct marker_pairs mp = MARKER_PAIRS_INIT;

	scan(&mp, text);
	if (mp.nr || mp.all_faults)
		fail_msg("a marker in: %s", text);
}

static void test_what_is_no_marker(void **state UNUSED)
{
	assert_nothing("");
	assert_nothing("ZAJ");
	assert_nothing("ZAJ:");
	assert_nothing("ZAJ:BEGI");
	assert_nothing("ZAJ:begin x");
	assert_nothing("zaj:BEGIN x");
	assert_nothing("ZAJ: BEGIN x");
	assert_nothing("ZAJ BEGIN x");
	assert_nothing("XZAJ:BEGIN x");
	assert_nothing("_ZAJ:END x");
	assert_nothing("ZAJ:BEGINNING x");
	assert_nothing("ZAJ:END_OF x");
	assert_nothing("ZAJ:ENDED");
}

struct want {
	enum marker_fault_kind kind;
	size_t line, other;
};

static void assert_faults(const char *text, const struct want *want, size_t nr)
{
	AUTO_MARKER_PAIRS struct marker_pairs mp = MARKER_PAIRS_INIT;

	scan(&mp, text);
	assert_int_equal(mp.all_faults, nr);
	assert_int_equal(mp.nr_faults, nr);
	for (size_t i = 0; i < nr; i++) {
		assert_int_equal(mp.faults[i].kind, want[i].kind);
		assert_int_equal(mp.faults[i].line, want[i].line);
		assert_int_equal(mp.faults[i].other, want[i].other);
	}
}
#define ASSERT_FAULTS(text, ...)                                               \
	assert_faults(text, (const struct want[]){ __VA_ARGS__ },              \
		      ARRAY_SIZE(((const struct want[]){ __VA_ARGS__ })))

static void test_faults_have_lines(void **state UNUSED)
{
	ASSERT_FAULTS("\n# ZAJ:BEGIN a\nx\n", { MARKER_UNCLOSED, 2, 0 });
	ASSERT_FAULTS("\n\n# ZAJ:END a\n", { MARKER_UNOPENED, 3, 0 });
	ASSERT_FAULTS("# ZAJ:BEGIN a\n# ZAJ:END b\n", { MARKER_OTHER_ID, 2, 1 });
	ASSERT_FAULTS("# ZAJ:BEGIN a\n# ZAJ:END A\n", { MARKER_OTHER_ID, 2, 1 });
	ASSERT_FAULTS("# ZAJ:BEGIN a\n# ZAJ:END aa\n", { MARKER_OTHER_ID, 2, 1 });
	ASSERT_FAULTS("# ZAJ:BEGIN\n# ZAJ:END\n", { MARKER_NO_ID, 1, 0 });
	ASSERT_FAULTS("# ZAJ:BEGIN -->\r\n# ZAJ:END\r\n", { MARKER_NO_ID, 1, 0 });
	/* An id does not come from the next line. */
	ASSERT_FAULTS("# ZAJ:BEGIN \na\n# ZAJ:END\n", { MARKER_NO_ID, 1, 0 });
	ASSERT_FAULTS("# ZAJ:BEGIN:a\n# ZAJ:END\n", { MARKER_NO_ID, 1, 0 });
	ASSERT_FAULTS("ZAJ:BEGIN a\nZAJ:BEGIN b\nZAJ:END b\nZAJ:END a\n",
		      { MARKER_NESTED, 2, 1 });
	ASSERT_FAULTS("ZAJ:BEGIN a\nZAJ:BEGIN a\nZAJ:END a\n",
		      { MARKER_UNCLOSED, 1, 0 }, { MARKER_NESTED, 2, 1 });
	ASSERT_FAULTS("ZAJ:BEGIN a\nZAJ:BEGIN b\nZAJ:END a\n",
		      { MARKER_NESTED, 2, 1 }, { MARKER_UNCLOSED, 2, 0 });
	ASSERT_FAULTS("ZAJ:END\nZAJ:BEGIN a\n", { MARKER_UNOPENED, 1, 0 },
		      { MARKER_UNCLOSED, 2, 0 });
}

/* Minified code has very long words, and messages must not. */
static void test_long_words_are_no_ids(void **state UNUSED)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT, id = STRBUF_INIT;
	AUTO_MARKER_PAIRS struct marker_pairs mp = MARKER_PAIRS_INIT;

	while (id.len <= MARKER_ID_MAX)
		strbuf_addch(&id, 'x');
	strbuf_addf(&text, "ZAJ:BEGIN %s\nZAJ:END\n", id.buf);
	ASSERT_FAULTS(text.buf, { MARKER_NO_ID, 1, 0 });
	strbuf_reset(&text);
	strbuf_addf(&text, "ZAJ:BEGIN a\nZAJ:END %s\n", id.buf);
	ASSERT_FAULTS(text.buf, { MARKER_OTHER_ID, 2, 1 });
	strbuf_reset(&text);
	strbuf_addf(&text, "ZAJ:BEGIN %s\nZAJ:END %s\n", id.buf + 1, id.buf + 1);
	scan(&mp, text.buf);
	assert_int_equal(mp.all_faults, 0);
	assert_int_equal(mp.v[0].id_len, MARKER_ID_MAX);
}

static void test_faults_are_bounded(void **state UNUSED)
{
	AUTO_MARKER_PAIRS struct marker_pairs mp = MARKER_PAIRS_INIT;
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;

	/* One line: nothing may be searched again for each of them. */
	for (size_t i = 0; i < 200000; i++)
		strbuf_addstr(&text, "ZAJ:BEGIN a ZAJ:END b ");
	scan(&mp, text.buf);
	assert_int_equal(mp.nr_faults, MARKER_FAULTS_MAX);
	assert_int_equal(mp.all_faults, 200000);
	assert_int_equal(mp.nr, 200000);
}

static bool covers(const char *old, const char *new)
{
	AUTO_MARKER_PAIRS struct marker_pairs mp = MARKER_PAIRS_INIT;
	const struct marker_text was = { old, strlen(old) };
	const struct marker_text is = { new, strlen(new) };

	scan(&mp, new);
	return marker_pairs_cover(&mp, &was, &is);
}

#define B "# ZAJ:BEGIN x\n"
#define E "# ZAJ:END x\n"

static void test_covered(void **state UNUSED)
{
	assert_true(covers("a\nb\n", "a\n" B "new\n" E "b\n"));
	assert_true(covers("a\nb\n", "a\n" B E "b\n"));
	/* In place of lines, at the beginning, at the end. */
	assert_true(covers("a\nb\nc\n", "a\n" B "B\n" E "c\n"));
	assert_true(covers("a\nb\nc\n", B E "b\nc\n"));
	assert_true(covers("a\nb\nc\n", "a\nb\n" B "C\n" E));
	assert_true(covers("a\nb\nc", "a\nb\n" B "C\n# ZAJ:END"));
	/* All of it, and a whole file of ours. */
	assert_true(covers("a\nb\n", B "c\n" E));
	assert_true(covers("", B "c\n" E));
	/* Several, next to each other, repeated lines between them. */
	assert_true(covers("}\n}\n}\n", "}\n" B E "}\n" B "1\n" E "}\n"));
	assert_true(covers("a\nb\n", "a\n" B E B E "b\n"));
	assert_true(covers("x\n}\ny\n}\nz\n",
			   "x\n" B "1\n" E "}\n" B "2\n" E "z\n"));
	/* The vendor's own text may have had an older pair. */
	assert_true(covers("a\n" B "old\n" E "b\n", "a\n" B "new\n" E "b\n"));
	assert_true(covers("a\r\nb\r\n",
			   "a\r\n# ZAJ:BEGIN x\r\nn\r\n# ZAJ:END x\r\nb\r\n"));
	assert_true(covers("a\n/* */ b();\nc\n",
			   "a\n/* ZAJ:BEGIN x */ B(); /* ZAJ:END */\nc\n"));
	assert_true(covers("a\nb", "a\n" B E "b"));
}

static void test_not_covered(void **state UNUSED)
{
	assert_false(covers("a\nb\n", "a\nb\nc\n"));
	/* In a marked file, outside: above, below, between; added, removed. */
	assert_false(covers("a\nb\n", "A\n" B "n\n" E "b\n"));
	assert_false(covers("a\nb\n", "a\n" B "n\n" E "B\n"));
	assert_false(covers("a\nb\nc\n", "a\n" B E "B\n" B E "c\n"));
	assert_false(covers("a\nb\nc\n", B E "b\n" B E "a\nc\n"));
	assert_false(covers("a\nb\nc\n", "b\n" B E "c\n"));
	assert_false(covers("a\nb\nc\n", "a\n" B E "b\n"));
	assert_false(covers("a\nb\n", "a\nnew\n" B E "b\n"));
	assert_false(covers("", "<?php\n" B E));
	/* A part of a line is not a line. */
	assert_false(covers("xa\nb\n", B E "a\nb\n"));
	assert_false(covers("a\nxb\nc\n", "a\n" B E "b\n" B E "c\n"));
	assert_false(covers("a\nbx\n", "a\n" B E "b\n" B E));
	/* Nothing of the old text counts twice. */
	assert_false(covers("a\n", "a\n" B E "a\n"));
	assert_false(covers("a\nb\n", "a\nb\n" B E "b\n"));
	/* Line ends are part of lines, the last one too. */
	assert_false(covers("a\r\nb\r\n", "a\n" B E "b\n"));
	assert_false(covers("a\nb", "a\nb\n" B E));
	assert_false(covers("a\nb\n", "a\n" B E "b"));
	/* Damaged pairs cover nothing. */
	assert_false(covers("a\nb\n", "a\n" B B E E "b\n"));
	assert_false(covers("a\nb\n", "a\n" B "b\n"));
	assert_false(covers("a\nb\n", "a\n" E "b\n"));
	assert_false(covers("a\nb\n", "a\n" B "# ZAJ:END y\nb\n"));
}

static void test_lines_in_pairs(void **state UNUSED)
{
	AUTO_MARKER_PAIRS struct marker_pairs mp = MARKER_PAIRS_INIT;

	scan(&mp, "1\n" B "3\n" E "5\n6\n7\n" B E);
	assert_int_equal(mp.nr, 2);
	assert_false(marker_pairs_hold(&mp, 1));
	assert_true(marker_pairs_hold(&mp, 2));
	assert_true(marker_pairs_hold(&mp, 4));
	assert_false(marker_pairs_hold(&mp, 5));
	assert_true(marker_pairs_hold(&mp, 9));
	assert_false(marker_pairs_hold(&mp, 10));
	/* Between 1 and 2, 4 and 5, 5 and 6, 7 and 8. */
	assert_false(marker_pairs_border(&mp, 0));
	assert_true(marker_pairs_border(&mp, 1));
	assert_true(marker_pairs_border(&mp, 4));
	assert_false(marker_pairs_border(&mp, 5));
	assert_true(marker_pairs_border(&mp, 7));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_comment_syntax),
		cmocka_unit_test(test_what_is_no_marker),
		cmocka_unit_test(test_faults_have_lines),
		cmocka_unit_test(test_faults_are_bounded),
		cmocka_unit_test(test_long_words_are_no_ids),
		cmocka_unit_test(test_covered),
		cmocka_unit_test(test_not_covered),
		cmocka_unit_test(test_lines_in_pairs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
