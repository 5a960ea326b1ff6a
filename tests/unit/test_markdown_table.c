#include "common/base/base.h"
#include "tests/unit/unit.h"
#include "common/text/markdown_table.h"

/* The rows of a text: "H2" a header in line 2, "R4" a row, "u5" unread. */
static void rows_of(const char *text, size_t len, struct strbuf *out)
{
	AUTO_MARKDOWN_READER struct markdown_reader r;

	markdown_reader_init(&r, text, len);
	while (markdown_next_row(&r))
		strbuf_addf(out, "%s%c%zu", out->len ? " " : "",
			    "HRu"[r.row.kind], r.row.line);
}

static void assert_rows(const char *text, const char *want)
{
	AUTO_STRBUF struct strbuf found = STRBUF_INIT;

	rows_of(text, strlen(text), &found);
	if (strcmp(found.buf, want) != 0)
		fail_msg("'%s', wanted '%s' of:\n%s", found.buf, want, text);
}

#define HEAD "| a | b |\n|---|---|\n"

static void test_tables(void **state UNUSED)
{
	assert_rows("", "");
	assert_rows("text\n", "");
	assert_rows(HEAD, "u1 H1");
	assert_rows(HEAD "| 1 | 2 |\n| 3 | 4 |\n\n| 5 | 6 |\n",
		    "u1 H1 R3 R4 u6");
	assert_rows("a | b\n:-: | -:\n1 | 2", "u1 H1 R3");
	assert_rows("text\n" HEAD "| 1 | 2 |", "u2 H2 R4");
	assert_rows("   | a | b |\n   |---|---|\n   | 1 |", "u1 H1 R3");
	/* Any line goes on with it that begins no other block. */
	assert_rows(HEAD "text\n| 1 |\n", "u1 H1 R3 R4");
	assert_rows("\xef\xbb\xbf" HEAD "|1|2|", "u1 H1 R3");
	assert_rows("| a | b |\r\n|---|---|\r\n| 1 | 2 |\r\n", "u1 H1 R3");
	assert_rows("| a | b |\r|---|---|\r| 1 | 2 |\r", "u1 H1 R3");
	assert_rows("# h\n\n" HEAD "|1|2|\n# h\n" HEAD "|1|2|\n",
		    "u3 H3 R5 u7 H7 R9");
}

static void test_no_tables(void **state UNUSED)
{
	assert_rows("| a | b |\n| 1 | 2 |\n", "u1 u2");
	assert_rows("| a | b |\n|---|\n|1|2|", "u1 u2 u3");
	assert_rows("| a | b |\n|---|---|---|\n", "u1 u2");
	assert_rows("| a | b |\n\n|---|---|\n|1|2|", "u1 u3 u4");
	assert_rows("| a | b |\n|---|-x-|\n|1|2|", "u1 u2 u3");
	assert_rows("| a | b |\n|---| |\n|1|2|", "u1 u2 u3");
	assert_rows("| a | b |\n|:::|---|\n|1|2|", "u1 u2 u3");
	assert_rows("    | a | b |\n    |---|---|\n    |1|2|", "u1 u2 u3");
	assert_rows("\t| a | b |\n\t|---|---|\n", "u1 u2");
	assert_rows("text\n    | a | b |\n|---|---|\n", "u2 u3");
	assert_rows("| a | b |\n    |---|---|\n|1|2|", "u1 u2 u3");
	assert_rows("| a | b\\|\n|---|---|---|\n", "u1 u2");
}

static void test_code_and_html(void **state UNUSED)
{
	assert_rows("```\n" HEAD "|1|2|\n```\n", "");
	assert_rows("~~~ md\n" HEAD "|1|2|\n```\n|3|4|\n~~~\n" HEAD, "u8 H8");
	assert_rows("````\n```\n" HEAD "|1|2|\n", "");
	assert_rows("``` `\n" HEAD "|1|2|\n", "u2 H2 R4");
	assert_rows("```\nx\n    ```\n" HEAD, "");
	assert_rows("text\n```\n" HEAD "```\n" HEAD "|1|2|", "u6 H6 R8");
	assert_rows("<!--\n\n" HEAD "|1|2|\n-->\n" HEAD "|1|2|", "u7 H7 R9");
	assert_rows("<!-- x -->\n" HEAD "|1|2|", "u2 H2 R4");
	assert_rows("<pre>\n\n" HEAD "</pre>\n" HEAD, "u6 H6");
	assert_rows("<?php\n" HEAD "?>\n", "");
	assert_rows("<div>\n" HEAD "|1|2|\n\n" HEAD "|1|2|",
		    "u2 u3 u4 u6 H6 R8");
	assert_rows("<details>\n\n" HEAD "|1|2|\n\n</details>\n", "u3 H3 R5");
	/* Further in, it is code itself, and so is what was a row. */
	assert_rows("    ```\n" HEAD, "u2 H2");
	assert_rows(HEAD "|1|2|\n    |3|4|\n|5|6|\n", "u1 H1 R3 u4 u5");
	/* A line of HTML ends a table. */
	assert_rows(HEAD "|1|2|\n<!-- x -->\n|3|4|\n", "u1 H1 R3 u5");
}

static void test_quotations_and_lists(void **state UNUSED)
{
	assert_rows("> | a | b |\n> |---|---|\n> | 1 | 2 |\n", "u1 u2 u3");
	assert_rows("> x\n" HEAD "|1|2|\n\n" HEAD "|1|2|", "u2 u3 u4 u6 H6 R8");
	assert_rows("- | a | b |\n  |---|---|\n  | 1 | 2 |\n", "u1 u2 u3");
	assert_rows("1. x\n\n   | a | b |\n   |---|---|\n\n  | a | b |\n"
		    "  |---|---|\n",
		    "u3 u4 u6 H6");
	assert_rows("- x\n" HEAD "|1|2|\n", "u2 u3 u4");
	assert_rows("- x\n\n" HEAD "|1|2|\n", "u3 H3 R5");
	assert_rows(HEAD "|1|2|\n- | 3 | 4 |\n| 5 | 6 |\n", "u1 H1 R3 u4 u5");
	/* A block of code in a list ends with the list, and so another one
	 * begins where somebody meant to close it. */
	assert_rows("- ```\n  x\n\ny\n```\n" HEAD "|1|2|\n```\n", "");
	assert_rows("- ```\n```\n" HEAD "|1|2|\n```\n", "");
	assert_rows("> ```\n> x\n\n" HEAD "|1|2|\n", "u4 H4 R6");
	/* "2." does not interrupt a paragraph: no list, so the fence is one. */
	assert_rows("x\n2. y\n   ```\n" HEAD "|1|2|\n", "");
	/* What cannot be known is not read. */
	assert_rows("<b@c.d> x\n```\n\n" HEAD "|1|2|\n```\n", "u4 u5 u6");
}

static void assert_cells(const char *row, const char *want)
{
	AUTO_MARKDOWN_READER struct markdown_reader r;
	AUTO_STRBUF struct strbuf found = STRBUF_INIT, text = STRBUF_INIT;

	strbuf_addf(&text, HEAD "%s\n", row);
	markdown_reader_init(&r, text.buf, text.len);
	while (markdown_next_row(&r) && r.row.kind != MARKDOWN_ROW)
		;
	for (size_t i = 0; i < r.row.nr; i++)
		strbuf_addf(&found, "[%.*s]", (int)r.row.cells[i].len,
			    r.row.cells[i].text);
	assert_string_equal(found.buf, want);
	assert_int_equal(r.row.end, text.len);
}

static void test_cells(void **state UNUSED)
{
	assert_cells("| 1 | 2 |", "[1][2]");
	assert_cells("1|2", "[1][2]");
	assert_cells("|1|2|  ", "[1][2]");
	assert_cells("| 1 |", "[1]");
	assert_cells("| | |", "[][]");
	assert_cells("||", "[]");
	assert_cells("|1|2|3|", "[1][2][3]");
	assert_cells("| a \\| b | c |", "[a \\| b][c]");
	/* A code span holds no pipe together; a backslash does. */
	assert_cells("| `a | b` |", "[`a][b`]");
	assert_cells("| `a \\| b` |", "[`a \\| b`]");
	assert_cells("|---|---|", "[---][---]");
}

static void assert_spans(const char *text, const char *want)
{
	const struct markdown_cell cell = { text, strlen(text) };
	AUTO_STRBUF struct strbuf found = STRBUF_INIT;
	size_t at = 0;

	for (;;) {
		AUTO_STRBUF struct strbuf span = STRBUF_INIT;

		if (!markdown_code_span(&cell, &at, &span))
			break;
		strbuf_addf(&found, "[%s]", span.buf);
	}
	assert_string_equal(found.buf, want);
	assert_int_equal(at, cell.len);
}

static void test_code_spans(void **state UNUSED)
{
	assert_spans("", "");
	assert_spans("app/User.php", "");
	assert_spans("`a.php`", "[a.php]");
	assert_spans("see `a.php`, `b c.php` (line 3)", "[a.php][b c.php]");
	assert_spans("`` a`b ``", "[a`b]");
	assert_spans("` a `", "[a]");
	assert_spans("`  `", "[  ]");
	assert_spans("` a`", "[ a]");
	assert_spans("`a\\|b`", "[a|b]");
	assert_spans("`a\\b`", "[a\\b]");
	assert_spans("[`a`](x)", "[a]");
	/* Not closed, escaped, or in HTML. */
	assert_spans("`a", "");
	assert_spans("``a`", "");
	assert_spans("``a` `b`", "[ ]");
	assert_spans("\\`a`", "");
	assert_spans("<!-- `a` --> `b`", "[b]");
	assert_spans("<a href=\"`x`\">", "");
	assert_spans("a < b `c`", "[c]");
	assert_spans("a\\", "");
}

/* Nothing is looked for again and again to the end of megabytes. */
static void test_long_cells_have_no_spans(void **state UNUSED)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;

	strbuf_addstr(&text, "`a`");
	while (text.len < MARKDOWN_SPANS_MAX)
		strbuf_addch(&text, '<');
	assert_spans(text.buf, "[a]");
	while (text.len < 4u << 20)
		strbuf_addstr(&text, "<`a`");
	assert_spans(text.buf, "");
}

static void test_plain(void **state UNUSED)
{
	static const char *const cells[] = { "ID", "**ID**", "`ID`", "_ID_",
					     " ID " };

	for (size_t i = 0; i < ARRAY_SIZE(cells); i++) {
		const struct markdown_cell cell = { cells[i], strlen(cells[i]) };
		AUTO_STRBUF struct strbuf out = STRBUF_INIT;

		markdown_plain(&cell, &out);
		assert_string_equal(out.buf, "ID");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_no_tables),
		cmocka_unit_test(test_code_and_html),
		cmocka_unit_test(test_quotations_and_lists),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_code_spans),
		cmocka_unit_test(test_long_cells_have_no_spans),
		cmocka_unit_test(test_plain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
