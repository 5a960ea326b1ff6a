#include "common/base/base.h"
#include "tests/unit/unit.h"
#include "common/text/project_card.h"

/* Sets it twice: the second time must change nothing. */
static void check(const char *before, const char *name, const char *value,
		  const char *after)
{
	const struct card_field field = { name, value };
	AUTO_STRBUF struct strbuf doc = STRBUF_INIT, out = STRBUF_INIT;
	AUTO_STRBUF struct strbuf again = STRBUF_INIT;
	struct card_outcome outcome;

	strbuf_addstr(&doc, before);
	card_set(&doc, &field, &out, &outcome);
	free(outcome.before);
	assert_string_equal(out.buf, after);
	if (!outcome.found)
		return;
	card_set(&out, &field, &again, &outcome);
	assert_true(outcome.found);
	assert_null(outcome.before);
	assert_string_equal(again.buf, after);
}

static void release(const char *before, const char *after)
{
	check(before, "Current Release", "v1.2.0", after);
}

static void sets_fields_of_a_line(void **state UNUSED)
{
	check("Production: Staging \xc2\xb7 Current Release: v1.1.0\n",
	      "Production", "Live",
	      "Production: Live \xc2\xb7 Current Release: v1.1.0\n");
	release("Production: Live \xc2\xb7 Current Release: v1.1.0\r\n",
		"Production: Live \xc2\xb7 Current Release: v1.2.0\r\n");
	release("a | current release: none | b",
		"a | current release: v1.2.0 | b");
}

static void sets_fields_as_people_write_them(void **state UNUSED)
{
	release("# x\n- **Current Release:** v1.1.0\n",
		"# x\n- **Current Release:** v1.2.0\n");
	release("* **Current Release**: `v1.1.0`  \n",
		"* **Current Release**: `v1.2.0`  \n");
	release("> _Current Release: v1.1.0_\n",
		"> _Current Release: v1.2.0_\n");
	release("| **Current Release** | v1.1.0 |\n",
		"| **Current Release** | v1.2.0 |\n");
	release("| Current Release |  |\n", "| Current Release | v1.2.0 |\n");
	release("Current Release:\n", "Current Release: v1.2.0\n");
	release("Current Release: ", "Current Release: v1.2.0");
	release("**Current Release:**\n", "**Current Release:** v1.2.0\n");
}

static void finds_the_first_and_no_other(void **state UNUSED)
{
	release("Current Release: a\nCurrent Release: b\n",
		"Current Release: v1.2.0\nCurrent Release: b\n");
	release("```\nCurrent Release: a\n```\n<!-- \nCurrent Release: b -->\n"
		"Current Release: c\n",
		"```\nCurrent Release: a\n```\n<!-- \nCurrent Release: b -->\n"
		"Current Release: v1.2.0\n");
	check("Pre-Production: a\nNot Production: b\nProduction site: c\n"
	      "Productions: d\nProduction\n| Production\n",
	      "Production", "Live",
	      "Pre-Production: a\nNot Production: b\nProduction site: c\n"
	      "Productions: d\nProduction\n| Production\n");
	release("", "");
}

static void knows_fields_that_would_not_be_found(void **state UNUSED)
{
	static const struct card_field bad[] = {
		{ "", "x" },	{ "a:b", "x" },	  { " a", "x" },
		{ "- a", "x" }, { "a*", "x" },	  { "a|b", "x" },
		{ "a", "" },	{ "a", "x | y" }, { "a", " x" },
		{ "a", "*x*" }, { "a", "x\ny" },  { "a", "x \xc2\xb7 y" },
		{ "a", "`x`" }, { "a\nb", "x" },  { "a", "x " },
	};
	static const struct card_field good = { "Current Release",
						"-x (y): z" };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_non_null(card_field_trouble(&bad[i]));
	assert_null(card_field_trouble(&good));
	check("Current Release: \n", "Current Release", good.value,
	      "Current Release: -x (y): z\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets_fields_of_a_line),
		cmocka_unit_test(sets_fields_as_people_write_them),
		cmocka_unit_test(finds_the_first_and_no_other),
		cmocka_unit_test(knows_fields_that_would_not_be_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
