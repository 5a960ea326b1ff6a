#include "common/base/base.h"
#include "tests/unit/unit.h"
#include "git-release/edit_report.h"
#include "git-release/log_lines.h"
#include "git-release/verify_report.h"

/* Replies of a server, in order and not. */

static void take(struct message *m, const char *field)
{
	AUTO_ERR struct err err = ERR_INIT;

	assert_works(&err, message_take(m, field, strlen(field), &err));
}

static void log_lines_are_split(void **state UNUSED)
{
	AUTO_LOG_LINES struct log_lines lines = LOG_LINES_INIT;
	AUTO_MESSAGE struct message m = MESSAGE_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	take(&m, "line=1\tT1\tactive\tr1\tpkg\tv1\tme\trelease");
	take(&m, "line=2\tT2\tactive\tr2\t\t\tme\ta\tnote\twith tabs");
	take(&m, "line=3\tT3\thealthy\tr2\t\t\t\t");
	assert_works(&err, log_lines_take(&lines, &m, &err));
	assert_int_equal(lines.nr, 3);
	assert_int_equal(lines.v[0].seq, 1);
	assert_string_equal(lines.v[0].version, "v1");
	assert_string_equal(lines.v[1].package, "");
	assert_string_equal(lines.v[1].note, "a\tnote\twith tabs");
	assert_string_equal(lines.v[2].note, "");
	assert_string_equal(log_lines_since(&lines, "r2"), "T2");
	/* Live before, not now. */
	assert_null(log_lines_since(&lines, "r1"));
}

static void log_lines_out_of_order_are_refused(void **state UNUSED)
{
	static const char *const bad[] = {
		"line=",
		"line=1\tT\tactive\tr\tp\tv\tw", /* one field short */
		"line=x\tT\tactive\tr\tp\tv\tw\tn",
		"line=-1\tT\tactive\tr\tp\tv\tw\tn",
		"line=99999999999999999999\tT\tactive\tr\tp\tv\tw\tn",
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		AUTO_LOG_LINES struct log_lines lines = LOG_LINES_INIT;
		AUTO_MESSAGE struct message m = MESSAGE_INIT;
		AUTO_ERR struct err err = ERR_INIT;

		take(&m, bad[i]);
		assert_fails_with(&err, ERR_FAILED,
				  log_lines_take(&lines, &m, &err));
	}
}

static void add_counts(struct message *m)
{
	take(m, "files=3");
	take(m, "changed=1");
	take(m, "missing=0");
	take(m, "extra=1");
}

static void verify_paths_are_sorted(void **state UNUSED)
{
	AUTO_VERIFY_REPORT struct verify_report r = VERIFY_REPORT_INIT;
	AUTO_MESSAGE struct message m = MESSAGE_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	add_counts(&m);
	take(&m, "path=A z");
	take(&m, "path=M a\nb");
	assert_works(&err, verify_report_take(&r, &m, &err));
	assert_false(verify_report_clean(&r));
	assert_int_equal(r.nr, 2);
	assert_int_equal(r.v[0].status, 'M');
	assert_string_equal(r.v[0].path, "a\nb");
	assert_string_equal(r.v[1].path, "z");
}

static void a_report_that_contradicts_itself_is_not_clean(void **state UNUSED)
{
	AUTO_VERIFY_REPORT struct verify_report r = VERIFY_REPORT_INIT;
	AUTO_MESSAGE struct message m = MESSAGE_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	take(&m, "files=3");
	take(&m, "changed=0");
	take(&m, "missing=0");
	take(&m, "extra=0");
	take(&m, "path=D gone");
	assert_works(&err, verify_report_take(&r, &m, &err));
	assert_false(verify_report_clean(&r));
}

static void verify_reports_out_of_order_are_refused(void **state UNUSED)
{
	static const char *const bad[] = { "path=", "path=X a", "path=Ma",
					   "path=M ", "path=M" };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		AUTO_VERIFY_REPORT struct verify_report r = VERIFY_REPORT_INIT;
		AUTO_MESSAGE struct message m = MESSAGE_INIT;
		AUTO_ERR struct err err = ERR_INIT;

		add_counts(&m);
		take(&m, bad[i]);
		assert_fails_with(&err, ERR_FAILED,
				  verify_report_take(&r, &m, &err));
	}
	AUTO_VERIFY_REPORT struct verify_report r = VERIFY_REPORT_INIT;
	AUTO_MESSAGE struct message empty = MESSAGE_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	assert_fails_with(&err, ERR_FAILED, verify_report_take(&r, &empty, &err));
}

static void edits_are_taken_as_they_came(void **state UNUSED)
{
	AUTO_EDIT_REPORT struct edit_report r = EDIT_REPORT_INIT;
	AUTO_MESSAGE struct message m = MESSAGE_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	/* An agent that does not know of it. */
	assert_works(&err, edit_report_take(&r, &m, &err));
	assert_false(r.told);
	take(&m, "guard=compared");
	take(&m, "edits=101");
	take(&m, "edit=M a\nb");
	take(&m, "edit=? z");
	assert_works(&err, edit_report_take(&r, &m, &err));
	assert_true(r.told && r.compared);
	assert_int_equal(r.nr, 101);
	assert_int_equal(r.paths.nr, 2);
	assert_string_equal(r.paths.v[0], "M a\nb");
	edit_report_release(&r);
	take(&m, "guard=foreign");
	assert_works(&err, edit_report_take(&r, &m, &err));
	assert_false(r.compared);
}

static void edits_out_of_order_are_refused(void **state UNUSED)
{
	static const char *const bad[] = { "edit=",   "edit=X a", "edit=Ma",
					   "edit=M ", "edits=",	  "edits=-1",
					   "edits=0" };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		AUTO_EDIT_REPORT struct edit_report r = EDIT_REPORT_INIT;
		AUTO_MESSAGE struct message m = MESSAGE_INIT;
		AUTO_ERR struct err err = ERR_INIT;

		take(&m, "guard=compared");
		take(&m, "edits=2");
		take(&m, "edit=A fine");
		take(&m, bad[i]);
		assert_fails_with(&err, ERR_FAILED,
				  edit_report_take(&r, &m, &err));
		assert_false(r.told);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(log_lines_are_split),
		cmocka_unit_test(log_lines_out_of_order_are_refused),
		cmocka_unit_test(verify_paths_are_sorted),
		cmocka_unit_test(a_report_that_contradicts_itself_is_not_clean),
		cmocka_unit_test(verify_reports_out_of_order_are_refused),
		cmocka_unit_test(edits_are_taken_as_they_came),
		cmocka_unit_test(edits_out_of_order_are_refused),
	};

	return cmocka_run_group_tests_name("server_replies", tests, NULL, NULL);
}
