#include "common/base/base.h"
#include "tests/unit/repo_fixture.h"
#include "common/model/records.h"
#include "common/model/records_sync.h"

static void head_id(git_repository *repo, git_oid *id)
{
	AUTO_ERR struct err err = ERR_INIT;

	assert_works(&err, repo_ref_id(repo, "refs/heads/main", id, &err));
}

static void append(git_repository *repo, int64_t at, const char *id)
{
	AUTO_ERR struct err err = ERR_INIT;
	struct record r = { .at = at,
			    .id = id,
			    .env = "production",
			    .tag = "v1",
			    .reason = "a\n\"b\033\302\233" };
	git_oid head;

	head_id(repo, &head);
	assert_works(&err, records_append(repo, &head, &r, &err));
}

static int gather(const char *line, size_t len, void *ctx)
{
	struct strbuf *all = ctx;

	/* {"at":"2026-08-20T09:20:00Z","event":"e1",...: the id alone */
	assert_true(len > 44);
	assert_memory_equal(line, "{\"at\":\"", 7);
	assert_memory_equal(line + 27, "\",\"event\":\"", 11);
	strbuf_add(all, line + 38, 2);
	strbuf_addch(all, ' ');
	return 0;
}

static void events_of(git_repository *repo, struct strbuf *out)
{
	AUTO_ERR struct err err = ERR_INIT;
	git_oid head;

	head_id(repo, &head);
	assert_works(&err, records_each(repo, &head, gather, out, &err));
}

static void notes_gain_one_line_each(void **state)
{
	static const char first[] =
		"{\"at\":\"2026-08-20T09:20:00Z\",\"event\":\"e1\","
		"\"what\":\"released\",\"environment\":\"production\","
		"\"tag\":\"v1\",\"reason\":\"a\\n\\\"b\\u001B\\u009B\"}\n";
	struct repo_fixture *f = *state;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_STRBUF struct strbuf seen = STRBUF_INIT;
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;

	fixture_repo(f);
	fixture_open(f, "repo", &repo);
	events_of(repo, &seen);
	assert_int_equal(seen.len, 0);
	append(repo, 1787217600, "e1");
	append(repo, 1787217601, "e2");
	events_of(repo, &seen);
	assert_string_equal(seen.buf, "e1 e2 ");
	fixture_git_out(f, "repo", &text, "notes", "--ref=deployments", "show",
			NULL);
	assert_ptr_equal(strstr(text.buf, first), text.buf);
	fixture_git(f, "repo", "fsck", "--strict", NULL);
}

static void live_follows_and_is_logged(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;
	AUTO_STRBUF struct strbuf log = STRBUF_INIT;
	git_oid head, got;

	fixture_repo(f);
	fixture_open(f, "repo", &repo);
	head_id(repo, &head);
	assert_fails_with(&err, ERR_NOTFOUND,
			  records_get_live(repo, "production", &got, &err));
	assert_works(&err, records_set_live(repo, "production", &head,
					    "released v1", &err));
	assert_works(&err, records_get_live(repo, "production", &got, &err));
	assert_true(git_oid_equal(&head, &got));
	fixture_git_out(f, "repo", &log, "reflog", "--format=%gs",
			"refs/deployments/production", NULL);
	assert_string_equal(log.buf, "released v1\n");
	assert_works(&err,
		     records_set_live(repo, "production", NULL, NULL, &err));
	assert_works(&err,
		     records_set_live(repo, "production", NULL, NULL, &err));
	assert_fails_with(&err, ERR_NOTFOUND,
			  records_get_live(repo, "production", &got, &err));
	assert_fails_with(&err, ERR_FAILED,
			  records_set_live(repo, "../heads/main", &head, NULL,
					   &err));
}

static void fetch_from_origin(git_repository *repo, struct strvec *warnings)
{
	AUTO_RECORDS_SYNC struct records_sync s = RECORDS_SYNC_INIT;

	records_fetch_start(&s, repo, "origin");
	records_fetch_finish(&s, warnings);
}

static void two_peoples_records_are_joined(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_REPO git_repository *a = NULL;
	AUTO_REPO git_repository *b = NULL;
	AUTO_STRVEC struct strvec refs = STRVEC_INIT;
	AUTO_STRVEC struct strvec warnings = STRVEC_INIT;
	AUTO_STRBUF struct strbuf seen = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	git_oid head, got;

	fixture_repo(f);
	fixture_git(f, ".", "clone", "-q", "--bare", "repo", "origin.git", NULL);
	fixture_git(f, ".", "clone", "-q", "origin.git", "a", NULL);
	fixture_git(f, ".", "clone", "-q", "origin.git", "b", NULL);
	fixture_open(f, "a", &a);
	fixture_open(f, "b", &b);
	fetch_from_origin(a, &warnings); /* nothing there yet is nothing wrong */
	assert_int_equal(warnings.nr, 0);
	head_id(a, &head);
	assert_works(&err, records_set_live(a, "staging", &head, NULL, &err));
	fixture_git(f, "a", "update-ref", "refs/releases/v1", "HEAD", NULL);
	append(a, 1787217600, "e1");
	append(b, 1787217601, "e2");
	strvec_pushl(&refs, "+refs/deployments/staging", "refs/releases/v1",
		     NULL);
	records_push(a, "origin", &refs, &warnings);
	assert_int_equal(warnings.nr, 0);
	/* b did not fetch before: its push is refused, then joined. */
	strvec_release(&refs);
	records_push(b, "origin", &refs, &warnings);
	assert_int_equal(warnings.nr, 0);
	events_of(b, &seen);
	assert_string_equal(seen.buf, "e1 e2 ");
	fetch_from_origin(a, &warnings);
	fetch_from_origin(b, &warnings);
	assert_int_equal(warnings.nr, 0);
	strbuf_reset(&seen);
	events_of(a, &seen);
	assert_string_equal(seen.buf, "e1 e2 ");
	assert_works(&err, records_get_live(b, "staging", &got, &err));
	assert_true(git_oid_equal(&head, &got));
	assert_works(&err, repo_ref_id(b, "refs/releases/v1", &got, &err));
}

static void trouble_with_the_remote_only_warns(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_STRVEC struct strvec refs = STRVEC_INIT;
	AUTO_STRVEC struct strvec warnings = STRVEC_INIT;

	fixture_repo(f);
	fixture_open(f, "repo", &repo);
	fetch_from_origin(repo, &warnings);
	assert_int_equal(warnings.nr, 1);
	assert_string_equal(warnings.v[0],
			    "cannot fetch packages and records from 'origin': "
			    "there is no such remote");
	records_push(repo, "origin", &refs, &warnings);
	assert_int_equal(warnings.nr, 2);
	fixture_git(f, "repo", "remote", "add", "origin", "../nowhere", NULL);
	append(repo, 1787217600, "e1");
	fetch_from_origin(repo, &warnings);
	records_push(repo, "origin", &refs, &warnings);
	assert_int_equal(warnings.nr, 4);
	assert_non_null(strstr(warnings.v[3], "git push failed: "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_fixture(notes_gain_one_line_each),
		with_fixture(live_follows_and_is_logged),
		with_fixture(two_peoples_records_are_joined),
		with_fixture(trouble_with_the_remote_only_warns),
	};

	return cmocka_run_group_tests_name("records", tests, NULL, NULL);
}
