#include "common/base/base.h"
#include "tests/unit/unit.h"
#include "common/sys/clock.h"
#include "common/sys/proc.h"
#include "common/sys/signals.h"

#include <signal.h>

static int talk_to(const char *script, struct proc_talk *talk, bool group,
		   int *status, struct err *err)
{
	AUTO_STRVEC struct strvec argv = STRVEC_INIT;
	struct proc_spec spec = PROC_SPEC_INIT;
	AUTO_PROC struct proc p = PROC_INIT;
	int ret;

	strvec_pushl(&argv, "sh", "-c", script, NULL);
	spec.argv = argv.v;
	spec.in = spec.out = spec.errors = PROC_PIPE;
	spec.own_group = group;
	ret = proc_start(&p, &spec, err);
	return ret < 0 ? ret : proc_talk(&p, talk, status, err);
}

/* More than any pipe holds, in all three directions at once. */
static void feeds_and_drains_together(void **state UNUSED)
{
	AUTO_STRBUF struct strbuf in = STRBUF_INIT;
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	AUTO_STRBUF struct strbuf errors = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	struct proc_talk talk = { .out = &out, .errors = &errors };
	int status = -1;

	for (int i = 0; i < 300000; i++)
		strbuf_addf(&in, "%d\n", i);
	talk.input = in.buf;
	talk.input_len = in.len;
	strbuf_limit(&errors, 1000);
	assert_works(&err, talk_to("tee /dev/stderr; exit 7", &talk, false,
				   &status, &err));
	assert_int_equal(status, 7);
	assert_int_equal(out.len, in.len);
	assert_memory_equal(out.buf, in.buf, in.len);
	assert_true(errors.len <= 1000);
}

static void bounds_what_is_said(void **state UNUSED)
{
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	struct proc_talk talk = { .out = &out };
	int status;

	strbuf_limit(&out, 100000);
	assert_fails_with(&err, ERR_FAILED,
			  talk_to("yes", &talk, true, &status, &err));
}

static void survives_a_child_that_does_not_listen(void **state UNUSED)
{
	AUTO_STRBUF struct strbuf in = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	struct proc_talk talk = { 0 };
	int status = -1;

	for (int i = 0; i < 100000; i++)
		strbuf_addstr(&in, "0123456789");
	talk.input = in.buf;
	talk.input_len = in.len;
	assert_works(&err, talk_to("exec <&-; sleep .1; exit 3", &talk, false,
				   &status, &err));
	assert_int_equal(status, 3);
}

static void ends_in_time(void **state UNUSED)
{
	AUTO_ERR struct err err = ERR_INIT;
	struct proc_talk talk = { .timeout_ms = 100 };
	int64_t start = clock_ms();
	int status;

	assert_fails_with(&err, ERR_FAILED,
			  talk_to("sleep 30", &talk, true, &status, &err));
	assert_true(clock_ms() - start < 5000);
	/* A daemon that keeps stdout open does not hold us up either. */
	talk.timeout_ms = 0;
	start = clock_ms();
	assert_works(&err,
		     talk_to("sleep 30 & exit 0", &talk, true, &status, &err));
	assert_true(clock_ms() - start < 5000);
	assert_int_equal(status, 0);
}

static void wait_has_a_deadline(void **state UNUSED)
{
	AUTO_STRVEC struct strvec argv = STRVEC_INIT;
	struct proc_spec spec = PROC_SPEC_INIT;
	AUTO_PROC struct proc p = PROC_INIT;
	struct proc_talk talk = { .timeout_ms = 50 };
	AUTO_ERR struct err err = ERR_INIT;
	int status = -1;

	strvec_pushl(&argv, "sleep", "30", NULL);
	spec.argv = argv.v;
	assert_works(&err, proc_start(&p, &spec, &err));
	assert_fails_with(&err, ERR_FAILED, proc_talk(&p, &talk, &status, &err));
	assert_int_equal(p.pid, 0);
	argv.v[1][0] = '0';
	argv.v[1][1] = '\0';
	assert_works(&err, proc_start(&p, &spec, &err));
	talk.timeout_ms = 10000;
	assert_works(&err, proc_talk(&p, &talk, &status, &err));
	assert_int_equal(status, 0);
}

static void tells_a_signal_and_what_is_not_there(void **state UNUSED)
{
	AUTO_STRVEC struct strvec argv = STRVEC_INIT;
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	struct proc_talk talk = { 0 };
	int status = -1;

	signal(SIGPIPE, SIG_IGN);
	assert_works(&err, talk_to("kill -PIPE $$; exit 1", &talk, false,
				   &status, &err));
	signal(SIGPIPE, SIG_DFL);
	assert_int_equal(status, 128 + SIGPIPE);
	strvec_push(&argv, "no-such-program-anywhere");
	assert_fails_with(&err, ERR_FAILED,
			  proc_capture(&argv, &out, &status, &err));
}

/* The last test: a signal that came stays noted. */
static void an_interrupt_ends_the_child(void **state UNUSED)
{
	AUTO_ERR struct err err = ERR_INIT;
	struct proc_talk talk = { 0 };
	int64_t start = clock_ms();
	int status;

	/* Whoever runs this in the background has it ignored. */
	signal(SIGINT, SIG_DFL);
	assert_works(&err, signals_catch(&err));
	assert_int_equal(talk_to("kill -INT $PPID; sleep 30", &talk, true,
				 &status, &err),
			 ERR_INTERRUPTED);
	assert_true(clock_ms() - start < 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(feeds_and_drains_together),
		cmocka_unit_test(bounds_what_is_said),
		cmocka_unit_test(survives_a_child_that_does_not_listen),
		cmocka_unit_test(ends_in_time),
		cmocka_unit_test(wait_has_a_deadline),
		cmocka_unit_test(tells_a_signal_and_what_is_not_there),
		cmocka_unit_test(an_interrupt_ends_the_child),
	};

	return cmocka_run_group_tests_name("proc", tests, NULL, NULL);
}
