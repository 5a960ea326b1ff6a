#include "common/base/base.h"
#include "common/ui/amount.h"
#include "common/ui/phases.h"
#include "common/ui/screen.h"
#include "common/ui/table.h"
#include "tests/unit/unit.h"

static int64_t clock_now;

static int64_t stopped_clock(void)
{
	return clock_now;
}

/* A stream that collects what is printed. */
struct page {
	FILE *f;
	char *text;
	size_t len;
};

static void page_open(struct page *pg)
{
	pg->f = open_memstream(&pg->text, &pg->len);
	assert_non_null(pg->f);
}

static void page_expect(struct page *pg, const char *want)
{
	assert_int_equal(fclose(pg->f), 0);
	assert_string_equal(pg->text, want);
	free(pg->text);
}

static void phases_on(struct phases *p, struct page *pg, int verbosity)
{
	page_open(pg);
	phases_init(p, pg->f, verbosity);
	clock_now = 1000;
	p->now = stopped_clock;
	p->begun = clock_now;
	p->tty = NULL;
}

static void test_job(void **state UNUSED)
{
	AUTO_STRBUF struct strbuf total = STRBUF_INIT;
	struct phases p;
	struct page pg;

	phases_on(&p, &pg, 0);
	phases_say(&p, "Releasing %s to %s", "v1.2.0", "production");
	phases_start(&p, "prepare");
	clock_now += 400;
	phases_done(&p, "v1.1.0 is live, 12.4 GiB free");
	phases_start(&p, "build");
	clock_now += 3149;
	phases_done(&p, "package 5d3e9f1, 2,998 files, 24.0 MiB");
	phases_start(&p, "link");
	phases_skip(&p);
	phases_start(&p, "post");
	phases_done(&p, "2 hooks");
	phases_elapsed(&p, &total);
	phases_say(&p, "in %s", total.buf);
	phases_release(&p);
	page_expect(&pg,
		    "Releasing v1.2.0 to production\n"
		    "  prepare   v1.1.0 is live, 12.4 GiB free                "
		    "       0.4s\n"
		    "  build     package 5d3e9f1, 2,998 files, 24.0 MiB       "
		    "       3.1s\n"
		    "  post      2 hooks                                      "
		    "       0.0s\n"
		    "in 3.5s\n");
}

static void test_long_text_keeps_its_time(void **state UNUSED)
{
	struct phases p;
	struct page pg;

	phases_on(&p, &pg, 0);
	phases_start(&p, "averylongname");
	phases_done(&p, "%060d", 1);
	phases_release(&p);
	page_expect(&pg, "  averylongname 000000000000000000000000000000000000"
			 "000000000000000000000001 0.0s\n");
}

static void test_hook_output(void **state UNUSED)
{
	struct phases p;
	struct page pg;

	phases_on(&p, &pg, 0);
	phases_start(&p, "mid");
	phases_output(&p, "one\ntw", 6);
	phases_output(&p, "o\r\n\n\033[2Jx\n", 10);
	phases_output(&p, "no end", 6);
	phases_done(&p, "done");
	phases_release(&p);
	page_expect(&pg, "  | one\n"
			 "  | two\n"
			 "  |\n"
			 "  | \\033[2Jx\n"
			 "  | no end\n"
			 "  mid       done                                    "
			 "            0.0s\n");
}

static void test_quiet(void **state UNUSED)
{
	struct phases p;
	struct page pg;

	phases_on(&p, &pg, -1);
	phases_say(&p, "begin");
	phases_start(&p, "mid");
	phases_output(&p, "x\n", 2);
	phases_done(&p, "done");
	phases_release(&p);
	page_expect(&pg, "");
}

static void test_progress(void **state UNUSED)
{
	struct phases p;
	struct page pg, tty;

	phases_on(&p, &pg, 0);
	page_open(&tty);
	p.tty = tty.f;
	phases_start(&p, "ship");
	clock_now += PHASES_DELAY_MS - 1;
	phases_progress(&p, 10, 100);
	clock_now += 501;
	phases_progress(&p, 1024, 4096);
	phases_progress(&p, 2048, 4096); /* too soon */
	phases_done(&p, "sent");
	phases_release(&p);
	page_expect(&tty, "\r  ship       25% 1.0 KiB, 1.0 KiB/s\033[K"
			  "\r\033[K");
	page_expect(&pg, "  ship      sent                                    "
			 "            1.0s\n");
}

static void test_amounts(void **state UNUSED)
{
	AUTO_STRBUF struct strbuf sb = STRBUF_INIT;
	static const uint64_t sizes[] = { 0,	1,	  1023,	   1024,
					  4506, 25165824, 1048525, UINT64_MAX };
	static const uint64_t times[] = { 0,	 49,	  50,	    59949,
					  59950, 3599999, 90000000, 3599000 };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		amount_add_size(&sb, sizes[i]);
		strbuf_addch(&sb, '|');
	}
	assert_string_equal(sb.buf, "0 bytes|1 byte|1,023 bytes|1.0 KiB|"
				    "4.4 KiB|24.0 MiB|1.0 MiB|16.0 EiB|");
	strbuf_reset(&sb);
	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		amount_add_elapsed(&sb, times[i]);
		strbuf_addch(&sb, '|');
	}
	assert_string_equal(sb.buf,
			    "0.0s|0.0s|0.1s|59.9s|1m00s|1h00m|1d01h|59m59s|");
	strbuf_reset(&sb);
	amount_add_things(&sb, 2998, "file", "files");
	amount_add_things(&sb, 1, " file", "files");
	amount_add_count(&sb, 1000007);
	assert_string_equal(sb.buf, "2,998 files1  file1,000,007");
}

static void test_screen(void **state UNUSED)
{
	static const char text[] = "a\x1b[0m\tb\nc\xc3\xa9\xc2\x9b\xff"
				   "\xe2\x80\xae\xed\xa0\x80\xc0\xaf\\";
	AUTO_STRBUF struct strbuf sb = STRBUF_INIT;

	screen_add_safe(&sb, text, sizeof(text) - 1);
	assert_string_equal(sb.buf, "a\\033[0m\tb\nc\xc3\xa9\\302\\233\\377"
				    "\\342\\200\\256\\355\\240\\200\\300\\257"
				    "\\");
	strbuf_reset(&sb);
	screen_add_line(&sb, "a\tb\nc\0d", 7);
	assert_string_equal(sb.buf, "a\\011b\\012c\\000d");
	assert_int_equal(screen_width("\xe6\x97\xa5x\xcc\x81", 6), 3);
}

static void test_table(void **state UNUSED)
{
	AUTO_TABLE struct table t = TABLE_INIT;
	struct page pg;

	t.indent = "  ";
	t.numbers = 1u << 1;
	t.colour = true;
	table_row(&t, "NAME", "FILES", "WHAT", NULL);
	table_row(&t, "\xc3\xa9t\xc3\xa9", "12", "x\ny", NULL);
	table_colour(&t, COLOUR_GOOD);
	table_row(&t, "short", NULL);
	table_cell(&t, "3");
	page_open(&pg);
	table_print(&t, pg.f);
	page_expect(&pg, "  NAME   FILES  WHAT\n"
			 "\033[32m  \xc3\xa9t\xc3\xa9       12  x\\012y\033[m\n"
			 "  short      3\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_job),
		cmocka_unit_test(test_long_text_keeps_its_time),
		cmocka_unit_test(test_hook_output),
		cmocka_unit_test(test_quiet),
		cmocka_unit_test(test_progress),
		cmocka_unit_test(test_amounts),
		cmocka_unit_test(test_screen),
		cmocka_unit_test(test_table)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
