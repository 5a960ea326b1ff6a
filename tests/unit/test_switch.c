#include "common/base/base.h"
#include "tests/unit/unit.h"
#include "common/base/mem.h"
#include "git-release/release.h"
#include "git-release/switch_job.h"
#include "git-release/switch_outcome.h"
#include "git-release/switch_target.h"

/* main.c has the table of them. */
const char *const *release_verbs(void)
{
	static const char *none;

	return &none;
}

/* Which release is meant, what is asked of the agent, how it ended. */

static void add(struct host_view *v, const char *id, const char *state,
		const char *version)
{
	struct host_release rel = {
		.id = xstrdup(id),
		.state = xstrdup(state),
		.version = xstrdup(version),
		.foreign = !*version,
	};

	ALLOC_GROW(v->releases, v->nr + 1, v->alloc);
	v->releases[v->nr++] = rel;
}

static void set(struct host_view *v, const char *live, const char *rollback,
		const char *lock)
{
	v->live = xstrdup(live);
	v->rollback = xstrdup(rollback);
	v->lock = xstrdup(lock);
	for (size_t i = 0; i < v->nr; i++)
		v->releases[i].live = !strcmp(v->releases[i].id, live);
}

static const char *find(const struct host_view *v, const char *name)
{
	const struct host_release *rel;
	AUTO_ERR struct err err = ERR_INIT;

	assert_works(&err,
		     switch_target_find(v, name, "v", "production", &rel, &err));
	return rel->id;
}

static void a_version_means_its_newest_good_release(void **state UNUSED)
{
	AUTO_HOST_VIEW struct host_view v = { 0 };

	add(&v, "old-name", "foreign", "");
	add(&v, "1", "healthy", "v1.0.0");
	add(&v, "2", "healthy", "v1.0.0");
	add(&v, "3", "bad", "v1.0.0");
	add(&v, "4", "rolledback", "v1.1.0");
	add(&v, "5", "failed", "v1.1.0");
	add(&v, "6", "healthy", "v1.2.0");
	set(&v, "6", "2", "");
	assert_string_equal(find(&v, "v1.0.0"), "2");
	assert_string_equal(find(&v, "1.0.0"), "2");
	assert_string_equal(find(&v, "v1.1.0"), "4");
	assert_string_equal(find(&v, "v1.2.0"), "6");
	/* By its id anything that is there can be meant. */
	assert_string_equal(find(&v, "3"), "3");
	assert_string_equal(find(&v, "old-name"), "old-name");
}

static void the_live_one_wins_over_newer_ones(void **state UNUSED)
{
	AUTO_HOST_VIEW struct host_view v = { 0 };

	add(&v, "1", "healthy", "v1.0.0");
	add(&v, "2", "healthy", "v1.0.0");
	set(&v, "1", "2", "");
	assert_string_equal(find(&v, "v1.0.0"), "1");
}

static void what_is_not_there_is_refused(void **state UNUSED)
{
	static const char *const bad[] = { "../../shared", "", "v", "1.0",
					   "v1.0.0x" };
	AUTO_HOST_VIEW struct host_view v = { 0 };
	const struct host_release *rel = NULL;

	add(&v, "a", "healthy", "v1.0.0");
	add(&v, "b", "failed", "v2.0.0");
	add(&v, "c", "foreign", "");
	set(&v, "a", "", "");
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		AUTO_ERR struct err err = ERR_INIT;

		assert_fails_with(&err, ERR_REFUSED,
				  switch_target_find(&v, bad[i], "v", "x", &rel,
						     &err));
		assert_null(rel);
	}
	AUTO_ERR struct err err = ERR_INIT;

	assert_fails_with(&err, ERR_REFUSED,
			  switch_target_find(&v, "v2.0.0", "v", "x", &rel, &err));
	assert_string_equal(err.msg.buf, "release 'b' of 'v2.0.0' on x never "
					 "worked: it is failed");
	assert_fails_with(&err, ERR_REFUSED,
			  switch_target_find(&v, "\033[2J", "v", "x", &rel, &err));
	assert_null(strchr(err.msg.buf, '\033'));
}

static void the_previous_one_is_the_servers_choice(void **state UNUSED)
{
	AUTO_HOST_VIEW struct host_view none = { 0 };
	AUTO_ERR struct err err = ERR_INIT;
	const struct host_release *rel = NULL;

	set(&none, "", "", "");
	assert_fails_with(&err, ERR_REFUSED,
			  switch_target_previous(&none, &rel, &err));
	assert_string_equal(err.msg.buf, "nothing to roll back to");
}

static void the_request_prunes_nothing(void **state UNUSED)
{
	struct switch_job job = SWITCH_JOB_INIT;
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	struct host_release target = { .id = (char *)"r1",
				       .version = (char *)"v1" };
	static char env[] = "production";

	job.options.rollback = true;
	job.target = &target;
	job.view.live = (char *)"r2";
	job.session.env.name = env;
	switch_request(&job, &out);
	assert_non_null(memmem(out.buf, out.len, "id=r1", 5));
	assert_non_null(memmem(out.buf, out.len, "expect=r2", 9));
	assert_non_null(memmem(out.buf, out.len, "kind=rollback", 13));
	assert_non_null(memmem(out.buf, out.len, "keep=0", 6));
	assert_non_null(memmem(out.buf, out.len, "environment=production", 22));
}

/* events: of the release "new" unless they begin with another id. */
static int judge(const char *live, const char *lock, const char *events)
{
	AUTO_HOST_VIEW struct host_view v = { 0 };
	AUTO_LOG_LINES struct log_lines lines = LOG_LINES_INIT;
	AUTO_MESSAGE struct message m = MESSAGE_INIT;
	AUTO_STRBUF struct strbuf field = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	for (const char *p = events; *p; p += strcspn(p, " ") + 1) {
		strbuf_reset(&field);
		strbuf_addf(&field, "line=1\tT\t%.*s\tnew\t\t\t\t",
			    (int)strcspn(p, " "), p);
		assert_works(&err, message_take(&m, field.buf, field.len, &err));
		if (!p[strcspn(p, " ")])
			break;
	}
	assert_works(&err, log_lines_take(&lines, &m, &err));
	set(&v, live, "", lock);
	return switch_outcome_judge(&v, &lines, "new", "before");
}

static void only_the_server_knows_how_it_ended(void **state UNUSED)
{
	assert_int_equal(judge("new", "", "active healthy"), 0);
	assert_int_equal(judge("new", "somebody", "active healthy"), 0);
	/* Switched, but its post hooks were never proven. */
	assert_int_equal(judge("new", "", "active"), ERR_UNKNOWN);
	/* Good once is not good now. */
	assert_int_equal(judge("new", "", "active healthy active"), ERR_UNKNOWN);
	assert_int_equal(judge("before", "", "activating"), ERR_UNDONE);
	/* The agent may still be at it. */
	assert_int_equal(judge("before", "us", "activating"), ERR_UNKNOWN);
	assert_int_equal(judge("third", "", "active healthy"), ERR_UNKNOWN);
	assert_int_equal(judge("", "", ""), ERR_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_version_means_its_newest_good_release),
		cmocka_unit_test(the_live_one_wins_over_newer_ones),
		cmocka_unit_test(what_is_not_there_is_refused),
		cmocka_unit_test(the_previous_one_is_the_servers_choice),
		cmocka_unit_test(the_request_prunes_nothing),
		cmocka_unit_test(only_the_server_knows_how_it_ended),
	};

	return cmocka_run_group_tests_name("switch", tests, NULL, NULL);
}
