#include "common/base/base.h"
#include "tests/unit/unit.h"
#include "git-drift/customizations.h"

#define HEAD                                                                   \
	"| ID | File | Problem | Impact | First added |\n"                     \
	"|----|------|---------|--------|-------------|\n"

struct fixture {
	struct customizations c;
	struct drift_findings f;
	struct strbuf text;
};

static void fixture_release(struct fixture *x)
{
	customizations_release(&x->c);
	drift_findings_release(&x->f);
	strbuf_release(&x->text);
}
#define AUTO_FIXTURE CLEANUP(fixture_release)
#define FIXTURE_INIT                                                           \
	{                                                                      \
		.text = STRBUF_INIT                                            \
	}

static void take(struct fixture *x, const char *text)
{
	strbuf_addstr(&x->text, text);
	customizations_read(&x->c, "C.md", &x->text, &x->f);
	customizations_sort(&x->c, &x->f);
	drift_findings_sort(&x->f);
}

/* The entries: "14 app/User.php", "!" in front of what does not count. */
static void assert_entries(const char *text, const char *want)
{
	AUTO_FIXTURE struct fixture x = FIXTURE_INIT;
	AUTO_STRBUF struct strbuf found = STRBUF_INIT;

	take(&x, text);
	for (size_t i = 0; i < x.c.nr; i++)
		strbuf_addf(&found, "%s%s%" PRIu32 " %s", i ? ", " : "",
			    x.c.v[i].missing ? "!" : "", x.c.v[i].id,
			    x.c.v[i].path);
	if (strcmp(found.buf, want) != 0)
		fail_msg("'%s', wanted '%s' of:\n%s", found.buf, want, text);
}

/* The only finding. */
static void assert_finding(const char *text, enum drift_rule rule, size_t line,
			   const char *message)
{
	AUTO_FIXTURE struct fixture x = FIXTURE_INIT;

	take(&x, text);
	assert_int_equal(x.f.nr, 1);
	assert_string_equal(x.f.v[0].text, message);
	assert_int_equal(x.f.v[0].rule, rule);
	assert_int_equal(x.f.v[0].first, line);
	assert_string_equal(x.f.v[0].path, "C.md");
}

static void test_entries(void **state UNUSED)
{
	assert_entries("", "");
	assert_entries(HEAD "| MOD-001 | `a.php` | p | i | d |\n", "1 a.php");
	assert_entries(HEAD "| **MOD-12** | `b`, `a` | p | i | d |\n",
		       "12 a, 12 b");
	/* Columns in any order, with others, in capitals or not. */
	assert_entries(
		"| impact | Who | FILE | *First  added* | problem | # |\n"
		"|--|--|--|--|--|--|\n"
		"| i | me | `a` | d | p | MOD-7 |\n",
		"7 a");
	assert_entries("File|Problem|Impact|First added|\n-|-|-|-|\n"
		       "`a`|p|i|d|\n",
		       "");
	assert_entries("| MOD | Files | Problem | Impact | First Added |\n"
		       "|--|--|--|--|--|\n"
		       "| MOD-001 | `a` `b` | p | i | d |\n",
		       "1 a, 1 b");
	/* As git quotes names. */
	assert_entries(HEAD
		       "| MOD-001 | `\"a\\tb\\\"\\303\\244\"` | p | i | d |\n",
		       "1 a\tb\"\xc3\xa4");
	assert_entries(HEAD "| MOD-001 | `a \\| b` | p | i | d |\n", "1 a | b");
	assert_entries(HEAD "| MOD-001 | `a\\b` | p | i | d |\r\n", "1 a\\b");
}

static void test_what_is_no_entry(void **state UNUSED)
{
	assert_entries("MOD-001 changed `a.php`: p, i, d\n", "");
	assert_entries("```\n" HEAD "| MOD-001 | `a` | p | i | d |\n```\n", "");
	assert_entries("<!--\n" HEAD "| MOD-001 | `a` | p | i | d |\n-->\n", "");
	assert_entries(HEAD "| MOD-001 | a | p | i | d |\n", "");
	/* In backticks, but in another column. */
	assert_entries(HEAD "| MOD-001 | x | `a` | i | d |\n", "");
	assert_entries(HEAD "| `a` | MOD-001 | p | i | d |\n", "");
	assert_entries("| ID | File | Problem | Impact |\n|--|--|--|--|\n"
		       "| MOD-001 | `a` | p | i |\n",
		       "");
	assert_entries(HEAD "| MOD-001 | `a` | p | i |\n", "!1 a");
	assert_entries(HEAD "| MOD-001 | `a` | - | i | d |\n", "!1 a");
	assert_entries(HEAD "| MOD-001 | `a` | p | ? | \xe2\x80\x94 |\n",
		       "!1 a");
	assert_entries(HEAD "| MOD-001 | `a` | p | i | d | x |\n", "");
	assert_entries(HEAD "| MOD-001 | `a|b` | p | i | d |\n", "");
	assert_entries(HEAD "| MOD-001 | `app/` | p | i | d |\n", "");
	assert_entries(HEAD "| MOD-001 | `\"a` | p | i | d |\n", "");
	assert_entries(HEAD "| MOD-001 | `\"a\\000b\"` | p | i | d |\n", "");
	assert_entries(HEAD "| MOD-001 | `\"a\\qb\"` | p | i | d |\n", "");
}

static void test_ids(void **state UNUSED)
{
	static const struct {
		const char *text;
		bool ok;
		uint32_t id;
	} ids[] = {
		{ "MOD-001", true, 1 },
		{ "MOD-1", true, 1 },
		{ "MOD-999999999", true, 999999999 },
		{ "MOD-9999999999", false, 0 },
		{ "MOD-", false, 0 },
		{ "MOD001", false, 0 },
		{ "mod-001", false, 0 },
		{ "MOD-00x", false, 0 },
		{ "MOD--1", false, 0 },
		{ "MOD-001 ", false, 0 },
		{ "XMOD-001", false, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		uint32_t id = 0;

		assert_int_equal(customization_id(ids[i].text,
						  strlen(ids[i].text), &id),
				 ids[i].ok);
		if (ids[i].ok)
			assert_int_equal(id, ids[i].id);
	}
}

static void test_findings_about_rows(void **state UNUSED)
{
	assert_finding(HEAD "| MOD-014 | a | p | i | d |\n",
		       DRIFT_ENTRY_MALFORMED, 3,
		       "MOD-014 has no path in backticks");
	assert_finding(HEAD "\n" HEAD "| 14 | `a` | p | i | d |\n",
		       DRIFT_ENTRY_MALFORMED, 6,
		       "a row without MOD- and a number is no entry");
	assert_finding(
		HEAD "| MOD-014 | `a|b` | p | i | d |\n", DRIFT_ENTRY_MALFORMED,
		3, "MOD-014 has 6 cells, its table 5 columns: write | as \\|");
	assert_finding(HEAD "| MOD-014 | `app/` | p | i | d |\n",
		       DRIFT_ENTRY_MALFORMED, 3, "'app/' is no path of a file");
	assert_finding("| ID | File | Problem |\n|--|--|--|\n"
		       "| MOD-014 | `a` | p |\n",
		       DRIFT_ENTRY_MALFORMED, 3,
		       "MOD-014 is no entry: its table has no column 'Impact'");
	assert_finding("- | MOD-014 | `a` | p | i | d |\n", DRIFT_ENTRY_UNREAD,
		       1, "MOD-014 is no entry: this is not a row of a table");
	assert_finding("x\n\n| MOD-014 | `a` | p | i | d |\n", DRIFT_ENTRY_UNREAD,
		       3, "MOD-014 is no entry: this is not a row of a table");
	assert_finding(HEAD "| MOD-014 | `a` | p | i | d |\n"
			    "| MOD-014 | `b` | p | i | d |\n",
		       DRIFT_ENTRY_DUPLICATE, 4, "MOD-014 is already at C.md:3");
	assert_finding(HEAD "| MOD-14 | `a` | p | i | d |\n\nx\n\n" HEAD
			    "| MOD-014 | `a` | p | i | d |\n",
		       DRIFT_ENTRY_DUPLICATE, 9, "MOD-014 is already at C.md:3");
}

static void test_nothing_to_say(void **state UNUSED)
{
	static const char *const texts[] = {
		HEAD,
		HEAD "| | | | | |\n",
		"| MOD | State |\n|--|--|\n| MOD-001 | open |\n",
		"MOD-001 is in the table below.\n\n" HEAD,
		"```\n| MOD-001 | `a` |\n```\n",
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		AUTO_FIXTURE struct fixture x = FIXTURE_INIT;

		take(&x, texts[i]);
		if (x.f.nr || x.c.nr)
			fail_msg("'%s' of:\n%s", x.f.v[0].text, texts[i]);
	}
}

static void test_find(void **state UNUSED)
{
	AUTO_FIXTURE struct fixture x = FIXTURE_INIT;

	take(&x, HEAD "| MOD-003 | `app/User.php.bak`, `b` | p | i | d |\n"
		      "| MOD-001 | `b` | p | i | d |\n");
	assert_null(customizations_find(&x.c, "app/User.php"));
	assert_null(customizations_find(&x.c, ""));
	assert_null(customizations_find(&x.c, "zzz"));
	assert_int_equal(customizations_find(&x.c, "app/User.php.bak")->line, 3);
	assert_int_equal(customizations_find(&x.c, "b")->line, 3);
	assert_true(customizations_has_id(&x.c, 1));
	assert_true(customizations_has_id(&x.c, 3));
	assert_false(customizations_has_id(&x.c, 2));
	assert_false(customizations_has_id(&x.c, 4));
	assert_string_equal(x.c.table.file, "C.md");
	assert_int_equal(x.c.table.end, x.text.len);
	assert_int_equal(x.c.table.columns[0], COLUMN_ID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_what_is_no_entry),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_findings_about_rows),
		cmocka_unit_test(test_nothing_to_say),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
