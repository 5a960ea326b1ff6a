#include "common/base/base.h"
#include "tests/unit/repo_fixture.h"
#include "git-drift/drift_settings.h"
#include "git-drift/vendor_baseline.h"

#define PATTERN "author-v*"

static void tag(struct repo_fixture *f, const char *name)
{
	fixture_git(f, "repo", "commit", "-q", "--allow-empty", "-m", name, NULL);
	fixture_git(f, "repo", "tag", "-a", "-m", name, name, NULL);
}

static int find(git_repository *repo, const char *revision,
		struct vendor_baseline *out, struct err *err)
{
	git_oid head;
	struct baseline_query q = {
		.pattern = PATTERN,
		.revision = revision,
		.head = &head,
	};

	assert_int_equal(git_reference_name_to_id(&head, repo, "HEAD"), 0);
	return vendor_baseline_find(repo, &q, out, err);
}

static void check_found(struct repo_fixture *f, const char *revision,
			const char *name, bool reachable)
{
	AUTO_VENDOR_BASELINE struct vendor_baseline b = VENDOR_BASELINE_INIT;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;

	fixture_open(f, "repo", &repo);
	assert_works(&err, find(repo, revision, &b, &err));
	assert_string_equal(b.name, name);
	assert_int_equal(b.reachable, reachable);
	if (!strncmp(name, "author-v", 8))
		assert_string_equal(b.version, name + 8);
	else
		assert_null(b.version);
	assert_false(git_oid_is_zero(&b.tree));
}

static void check_none(struct repo_fixture *f, const char *revision, int code,
		       const char *message)
{
	AUTO_VENDOR_BASELINE struct vendor_baseline b = VENDOR_BASELINE_INIT;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;

	fixture_open(f, "repo", &repo);
	assert_fails_with(&err, code, find(repo, revision, &b, &err));
	assert_string_equal(err.msg.buf, message);
	assert_null(b.name);
}

static void takes_the_newest_by_version(void **state)
{
	struct repo_fixture *f = *state;

	fixture_repo(f);
	tag(f, "author-v5.9.0");
	tag(f, "author-v5.10.0");
	tag(f, "author-v5.2.1");
	tag(f, "author-v5.10.0-rc.1");
	tag(f, "author-vendor");
	tag(f, "author-v1.0.2a");
	check_found(f, NULL, "author-v5.10.0", true);
	tag(f, "author-v2026.11");
	check_found(f, NULL, "author-v2026.11", true);
}

static void tells_apart_what_a_distribution_packed_again(void **state)
{
	struct repo_fixture *f = *state;

	fixture_repo(f);
	tag(f, "author-v1.4.15+dfsg.10");
	tag(f, "author-v1.4.15+dfsg.9");
	check_found(f, NULL, "author-v1.4.15+dfsg.10", true);
}

static void prefers_what_the_history_started_from(void **state)
{
	struct repo_fixture *f = *state;

	fixture_repo(f);
	tag(f, "author-v5.1.0");
	tag(f, "author-v5.2.0");
	fixture_git(f, "repo", "checkout", "-q", "-b", "vendor", NULL);
	tag(f, "author-v5.3.0");
	fixture_git(f, "repo", "checkout", "-q", "main", NULL);
	fixture_git(f, "repo", "commit", "-q", "--allow-empty", "-m", "x", NULL);
	check_found(f, NULL, "author-v5.2.0", true);
	fixture_git(f, "repo", "checkout", "-q", "--orphan", "other", NULL);
	fixture_git(f, "repo", "commit", "-q", "--allow-empty", "-m", "x", NULL);
	check_found(f, NULL, "author-v5.3.0", false);
	fixture_git(f, "repo", "checkout", "-q", "author-v5.3.0", NULL);
	check_found(f, NULL, "author-v5.3.0", true);
}

static void takes_what_is_named(void **state)
{
	struct repo_fixture *f = *state;

	fixture_repo(f);
	tag(f, "author-v5.1.0");
	tag(f, "author-v5.2.0");
	check_found(f, "author-v5.1.0", "author-v5.1.0", true);
	check_found(f, "5.1.0", "author-v5.1.0", true);
	check_found(f, "HEAD~1", "HEAD~1", true);
	check_none(f, "5.9", ERR_NOTFOUND,
		   "'5.9' is no revision of this repository");
	check_none(f, "5", ERR_NOTFOUND, "'5' is no revision of this repository");
	check_none(f, "HEAD:index.php", ERR_FAILED,
		   "'HEAD:index.php' names no commit");
	check_none(f, "\x1b[2J", ERR_NOTFOUND,
		   "'\\033[2J' is no revision of this repository");
}

static void says_when_there_is_none(void **state)
{
	struct repo_fixture *f = *state;

	fixture_repo(f);
	fixture_git(f, "repo", "tag", "author-v1.0", "HEAD:index.php", NULL);
	check_none(f, NULL, ERR_NOTFOUND,
		   "'author-v*' is the name of no tag: there is no baseline "
		   "yet");
}

static void cannot_tell_in_a_shallow_clone(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_VENDOR_BASELINE struct vendor_baseline b = VENDOR_BASELINE_INIT;
	AUTO_STRBUF struct strbuf from = STRBUF_INIT;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;

	fixture_repo(f);
	fixture_git(f, "repo", "checkout", "-q", "--orphan", "author", NULL);
	tag(f, "author-v5.1.0");
	fixture_git(f, "repo", "checkout", "-q", "main", NULL);
	fixture_git(f, "repo", "commit", "-q", "--allow-empty", "-m", "x", NULL);
	strbuf_addf(&from, "file://%s/repo", f->dir);
	fixture_git(f, ".", "clone", "-q", "--depth=1", "--no-single-branch",
		    from.buf, "shallow", NULL);
	fixture_open(f, "shallow", &repo);
	assert_fails_with(&err, ERR_FAILED, find(repo, NULL, &b, &err));
	assert_non_null(strstr(err.msg.buf, "shallow"));
	assert_works(&err, find(repo, "5.1.0", &b, &err));
}

static void reads_the_pattern(void **state UNUSED)
{
	AUTO_STRBUF struct strbuf s = STRBUF_INIT;

	assert_true(baseline_version("author-v*", "author-v5.2.1", &s));
	assert_string_equal(s.buf, "5.2.1");
	strbuf_reset(&s);
	assert_true(baseline_version("up/*-src", "up/7.4-src", &s));
	assert_string_equal(s.buf, "7.4");
	assert_false(baseline_version("up/*-src", "up/7.4", &s));
	assert_false(baseline_version("author-v*", "author-vendor", &s));
	assert_false(baseline_version("author-v*", "author-v", &s));
	strbuf_reset(&s);
	baseline_name("up/*-src", "7.5", &s);
	assert_string_equal(s.buf, "up/7.5-src");
}

static void settings_are_overlaid(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_DRIFT_SETTINGS struct drift_settings s = DRIFT_SETTINGS_INIT;
	static const char ours[] = "local\0drift.marker\nMINE";
	AUTO_CONFIG struct config cfg = CONFIG_INIT;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;

	fixture_repo(f);
	fixture_put(f, "repo/.gitrelease",
		    "[drift]\n\tcustom = packages/Mine/\n\tcustom = ./x\n"
		    "\tmarker = ACME\n");
	fixture_open(f, "repo", &repo);
	assert_works(&err, config_parse(&cfg, ours, sizeof(ours), &err));
	assert_works(&err, drift_settings_load(repo, &cfg, &s, &err));
	assert_string_equal(s.baseline, "author-v*");
	assert_string_equal(s.marker, "MINE");
	assert_null(s.output);
	assert_string_equal(drift_settings_custom(&s, "packages/Mine/a"),
			    "packages/Mine");
	assert_string_equal(drift_settings_custom(&s, "x"), "x");
	assert_non_null(drift_settings_custom(&s, ".gitrelease"));
	assert_non_null(drift_settings_custom(&s, "_CUSTOMIZATIONS.md"));
	assert_null(drift_settings_custom(&s, "packages/Mine2/a"));
	assert_null(drift_settings_custom(&s, "app/.gitrelease"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_fixture(takes_the_newest_by_version),
		with_fixture(tells_apart_what_a_distribution_packed_again),
		with_fixture(prefers_what_the_history_started_from),
		with_fixture(takes_what_is_named),
		with_fixture(says_when_there_is_none),
		with_fixture(cannot_tell_in_a_shallow_clone),
		cmocka_unit_test(reads_the_pattern),
		with_fixture(settings_are_overlaid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
