#include "common/base/base.h"
#include "tests/unit/unit.h"
#include "git-release/log_filter.h"

/* Minutes of one day: event, release, version, who. */
static void add(struct message *m, int minute, const char *event,
		const char *release, const char *version)
{
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	strbuf_addf(
		&line,
		"line=%d\t2026-08-20T09:%02d:00Z\t%s\t%s\tpkg\t%s\t%s\tnote",
		minute, minute, event, release, version,
		minute < 20 ? "Ann <ann@example.com>" : "bob@web1");
	assert_works(&err, message_take(m, line.buf, line.len, &err));
}

/* Two releases, a third one that fails, and a rollback to the first. */
static void make_log(struct log_lines *out)
{
	AUTO_MESSAGE struct message m = MESSAGE_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	add(&m, 0, "active", "r0", "v0.9.0");
	add(&m, 1, "healthy", "r0", "v0.9.0");
	add(&m, 2, "staging", "r1", "v1.0.0");
	add(&m, 3, "staged", "r1", "v1.0.0");
	add(&m, 4, "activating", "r1", "v1.0.0");
	add(&m, 5, "active", "r1", "v1.0.0");
	add(&m, 6, "healthy", "r1", "v1.0.0");
	add(&m, 10, "staging", "r2", "v1.1.0");
	add(&m, 12, "active", "r2", "v1.1.0");
	add(&m, 13, "healthy", "r2", "v1.1.0");
	add(&m, 20, "staging", "r3", "v1.2.0");
	add(&m, 23, "failed", "r3", "v1.2.0");
	add(&m, 30, "activating", "r1", "v1.0.0");
	add(&m, 31, "active", "r1", "v1.0.0");
	add(&m, 32, "healthy", "r1", "v1.0.0");
	add(&m, 32, "rolledback", "r2", "v1.1.0");
	assert_works(&err, log_lines_take(out, &m, &err));
	log_lines_measure(out);
}

static void measures_runs_and_lives(void **state UNUSED)
{
	static const struct {
		size_t line;
		int64_t took, live_for;
	} want[] = {
		{ 0, -1, 5 * 60 },    /* until r1 */
		{ 1, -1, -1 },	      /* its run began before the log */
		{ 2, -1, -1 },	      /* only the end of a run has one */
		{ 5, -1, 7 * 60 },    /* until r2 */
		{ 6, 4 * 60000, -1 }, /* from staging */
		{ 8, -1, 19 * 60 },   /* until r1 again */
		{ 9, 3 * 60000, -1 },  { 11, 3 * 60000, -1 }, /* failed */
		{ 13, -1, -1 },				      /* still live */
		{ 14, 2 * 60000, -1 }, /* from activating: it was there */
		{ 15, -1, -1 },
	};
	AUTO_LOG_LINES struct log_lines lines = LOG_LINES_INIT;

	make_log(&lines);
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		assert_int_equal(lines.v[want[i].line].took, want[i].took);
		assert_int_equal(lines.v[want[i].line].live_for,
				 want[i].live_for);
	}
}

/* The numbers of the lines that are left, the oldest first. */
static void check(struct log_filter *f, uint64_t max, const char *want)
{
	AUTO_LOG_LINES struct log_lines lines = LOG_LINES_INIT;
	AUTO_STRBUF struct strbuf got = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	make_log(&lines);
	assert_works(&err, log_filter_read(f, 1787218260, /* 09:31:00 */
					   "active healthy failed", &err));
	log_filter_apply(f, max, &lines);
	for (size_t i = 0; i < lines.nr; i++)
		strbuf_addf(&got, "%d ", (int)lines.v[i].seq);
	assert_string_equal(got.buf, want);
	strvec_release(&f->events);
}

#define FILTER(...)                                                            \
	(&(struct log_filter){ .from = INT64_MIN, .to = INT64_MAX, __VA_ARGS__ })

static void keeps_what_is_wanted(void **state UNUSED)
{
	struct log_filter f = LOG_FILTER_INIT;

	check(FILTER(.by = NULL), 3, "31 32 32 ");
	check(FILTER(.by = NULL), 0, "");
	check(FILTER(.since = "2026-08-20T09:23"), 100, "23 30 31 32 32 ");
	check(FILTER(.until = "2026-08-20T09:03"), 100, "0 1 2 3 ");
	check(FILTER(.until = "2026-08-20T09:03:00"), 100, "0 1 2 3 ");
	check(FILTER(.until = "2026-08-19"), 100, "");
	check(FILTER(.until = "2026-08-20"), 1, "32 ");
	check(FILTER(.since = "8m"), 100, "23 30 31 32 32 ");
	check(FILTER(.since = "1d", .until = "11m"), 2, "13 20 ");
	check(FILTER(.by = "ANN@"), 2, "12 13 ");
	check(FILTER(.version = "v1.1.0"), 100, "10 12 13 32 ");
	check(FILTER(.version = "vr3", .release = "r3"), 100, "20 23 ");
	strvec_pushl(&f.events, "failed", "healthy", NULL);
	check(&f, 3, "13 23 32 ");
}

static void refuses_what_it_does_not_know(void **state UNUSED)
{
	static const char *const bad[] = { "yesterday", "", "2d ago",
					   "2026-02-30", "99999999d" };
	struct log_filter events = LOG_FILTER_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_fails_with(&err, ERR_USAGE,
				  log_filter_read(FILTER(.since = bad[i]), 100,
						  "active", &err));
		assert_fails_with(&err, ERR_USAGE,
				  log_filter_read(FILTER(.until = bad[i]), 100,
						  "active", &err));
	}
	strvec_push(&events.events, "activ");
	assert_fails_with(&err, ERR_USAGE,
			  log_filter_read(&events, 100, "active failed", &err));
	assert_string_equal(err.msg.buf,
			    "--event 'activ' is none of: active failed");
	strvec_release(&events.events);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(measures_runs_and_lives),
		cmocka_unit_test(keeps_what_is_wanted),
		cmocka_unit_test(refuses_what_it_does_not_know),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
