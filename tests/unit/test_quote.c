#include "common/base/base.h"
#include "common/text/quote.h"
#include "tests/unit/unit.h"

#define LIT(s) s, sizeof(s) - 1

struct sample {
	const char *in;
	size_t len;
	const char *shown, *shown_high;
};

/* As "git ls-files" shows them with core.quotePath false and true. */
static void test_paths(void **state UNUSED)
{
	static const struct sample samples[] = {
		{ LIT(""), "", "" },
		{ LIT("a b/c'd"), "a b/c'd", "a b/c'd" },
		{ LIT("a\tb"), "\"a\\tb\"", "\"a\\tb\"" },
		{ LIT("a\nb\r"), "\"a\\nb\\r\"", "\"a\\nb\\r\"" },
		{ LIT("\a\b\v\f"), "\"\\a\\b\\v\\f\"", "\"\\a\\b\\v\\f\"" },
		{ LIT("q\"\\"), "\"q\\\"\\\\\"", "\"q\\\"\\\\\"" },
		{ LIT("\033[31m\177"), "\"\\033[31m\\177\"",
		  "\"\\033[31m\\177\"" },
		{ LIT("\303\244"), "\303\244", "\"\\303\\244\"" },
		{ LIT("\303\244\t"), "\"\303\244\\t\"", "\"\\303\\244\\t\"" },
		{ LIT("a\0001"), "\"a\\0001\"", "\"a\\0001\"" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		AUTO_STRBUF struct strbuf out = STRBUF_INIT;

		quote_path(&out, samples[i].in, samples[i].len, false);
		assert_string_equal(out.buf, samples[i].shown);
		strbuf_reset(&out);
		quote_path(&out, samples[i].in, samples[i].len, true);
		assert_string_equal(out.buf, samples[i].shown_high);
	}
}

static void test_text(void **state UNUSED)
{
	static const struct sample samples[] = {
		{ LIT("plain \"text\""), "plain \"text\"", NULL },
		{ LIT("a\r\nb\t"), "a\\r\\nb\\t", NULL },
		{ LIT("\033]0;x\a"), "\\033]0;x\\a", NULL },
		{ LIT("\302\233m"), "\\302\\233m", NULL },   /* C1 CSI */
		{ LIT("\233m"), "\\233m", NULL },	     /* bare C1 */
		{ LIT("gr\303\274n"), "gr\303\274n", NULL }, /* u umlaut */
		{ LIT("\360\237\232\200"), "\360\237\232\200", NULL },
		{ LIT("\342\200\256x"), "\\342\\200\\256x", NULL }, /* RLO */
		{ LIT("\300\257"), "\\300\\257", NULL },	  /* overlong */
		{ LIT("\355\240\200"), "\\355\\240\\200", NULL }, /* half */
		{ LIT("\364\220\200\200"), "\\364\\220\\200\\200", NULL },
		{ LIT("\303"), "\\303", NULL }, /* cut */
		{ LIT("a\\033"), "a\\\\033", NULL },
		{ LIT("\0"), "\\000", NULL },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		AUTO_STRBUF struct strbuf out = STRBUF_INIT;

		quote_text(&out, samples[i].in, samples[i].len);
		assert_string_equal(out.buf, samples[i].shown);
	}
}

static void test_quoted_paths_come_back(void **state UNUSED)
{
	static const char *const bad[] = {
		"",	     "a",	  "\"",	     "\"a",	"a\"",
		"\"a\"b\"",  "\"a\\\"",	  "\"\\q\"", "\"\\1\"", "\"\\08x\"",
		"\"\\400\"", "\"\\000\"", "\"a\" ",
	};
	AUTO_STRBUF struct strbuf all = STRBUF_INIT, out = STRBUF_INIT;

	for (int c = 1; c < 256; c++)
		strbuf_addch(&all, c);
	for (int high = 0; high < 2; high++) {
		AUTO_STRBUF struct strbuf quoted = STRBUF_INIT;

		strbuf_reset(&out);
		quote_path(&quoted, all.buf, all.len, high);
		assert_int_equal(quote_path_undo(quoted.buf, quoted.len, &out),
				 0);
		assert_int_equal(out.len, all.len);
		assert_memory_equal(out.buf, all.buf, all.len);
	}
	strbuf_reset(&out);
	strbuf_addstr(&out, "x");
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(quote_path_undo(bad[i], strlen(bad[i]), &out),
				 -1);
	assert_string_equal(out.buf, "x");
	assert_int_equal(quote_path_undo("\"\"", 2, &out), 0);
	assert_string_equal(out.buf, "x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_quoted_paths_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
