#include "common/base/base.h"
#include "tests/unit/unit.h"

#include "common/text/markdown_inert.h"
#include "common/text/quote.h"

struct shown {
	const char *text, *as;
};

static void test_names(void **state UNUSED)
{
	static const struct shown names[] = {
		{ "app/User.php", "`app/User.php`" },
		{ "a b.php", "`a b.php`" },
		{ "@everyone #1 !1", "`@everyone #1 !1`" },
		{ "<b>&amp;[z](y)*_~$", "`<b>&amp;[z](y)*_~$`" },
		{ "app/[slug].tsx", "`app/[slug].tsx`" },
		{ "[x] [X] [x", "`\"\\133x] \\133X] [x\"`" },
		{ "caf\xc3\xa9", "`caf\xc3\xa9`" },
		{ "", "`\"\"`" },
		{ "a`b", "`\"a\\140b\"`" },
		{ "a|b", "`\"a\\174b\"`" },
		{ "``", "`\"\\140\\140\"`" },
		{ "a\nb", "`\"a\\nb\"`" },
		{ "\n/close", "`\"\\n/close\"`" },
		{ "\033[2J", "`\"\\033[2J\"`" },
		{ "caf\xe9|\xc3\xa9", "`\"caf\\351\\174\\303\\251\"`" },
		{ "a\xe2\x80\xaephp", "`\"a\\342\\200\\256php\"`" },
		{ " a", "`\"\\040a\"`" },
		{ "a  b", "`\"a\\040\\040b\"`" },
		{ "a ", "`\"a\\040\"`" },
		{ "q\"b\\s", "`\"q\\\"b\\\\s\"`" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		AUTO_STRBUF struct strbuf out = STRBUF_INIT;
		AUTO_STRBUF struct strbuf back = STRBUF_INIT;

		markdown_name(&out, names[i].text, strlen(names[i].text));
		assert_string_equal(out.buf, names[i].as);
		if (out.buf[1] != '"')
			continue;
		assert_int_equal(
			quote_path_undo(out.buf + 1, out.len - 2, &back), 0);
		assert_string_equal(back.buf, names[i].text);
	}
}

static void assert_words(const char *text, bool as_they_are)
{
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;

	markdown_words(&out, text, strlen(text));
	if (as_they_are)
		assert_string_equal(out.buf, text);
	else if (out.buf[0] != '`' || out.buf[out.len - 1] != '`')
		fail_msg("'%s' is shown as '%s'", text, out.buf);
}

static void test_words(void **state UNUSED)
{
	static const char *const plain[] = {
		"nobody needs it",
		"It was (by the way) old, and long; so: gone.",
		"the user's well-known files - all 12 of them",
		"d\xc3\xa9j\xc3\xa0 vu",
		"deadbeef feedface",
	};
	static const char *const code[] = {
		"@tom",
		"see #12",
		"!3",
		"ask tom@example.com",
		"http://example.com/",
		"www.example.com",
		"example.com/x",
		"GH-1",
		"ABC-12",
		"a_b_c",
		"*bold*",
		"**",
		":smile:",
		"<b>",
		"&copy;",
		"a|b",
		"a\nb",
		"/close",
		"~label",
		"%milestone",
		"$1",
		"since 1a2b3c4",
		"1234567",
		"[x](y)",
		"`",
		"a\\*b",
		"",
		" ",
		"- ",
		"--",
		"\xff",
		"+1",
		"x=y",
		"\xe2\x80\xae",
	};

	for (size_t i = 0; i < ARRAY_SIZE(plain); i++)
		assert_words(plain[i], true);
	for (size_t i = 0; i < ARRAY_SIZE(code); i++)
		assert_words(code[i], false);
}

static void test_long_words(void **state UNUSED)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT, out = STRBUF_INIT;

	for (int i = 0; i < 200; i++)
		strbuf_addstr(&text, "\xc3\xa9 ");
	markdown_words(&out, text.buf, text.len);
	assert_true(out.len <= MARKDOWN_WORDS_MAX + 3);
	assert_string_equal(out.buf + out.len - 6, " \xc3\xa9...");
	strbuf_reset(&text);
	strbuf_reset(&out);
	strbuf_addstr(&text, "x");
	for (int i = 0; i < 200; i++)
		strbuf_addstr(&text, "\xc3\xa9");
	markdown_words(&out, text.buf, text.len);
	assert_int_equal(out.len, MARKDOWN_WORDS_MAX - 1 + 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_long_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
