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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
