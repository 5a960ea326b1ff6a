#include "common/base/base.h"
#include "tests/unit/repo_fixture.h"
#include "common/model/package.h"
#include "common/model/records.h"
#include "git-release/status_facts.h"

static char live_id[] = "20260820092100", empty[] = "", version[] = "v1",
	    state_name[] = "healthy";

/* A package v1 of the one commit; hex gets its id. */
static void make_package(git_repository *repo, git_oid *id, git_oid *commit,
			 char hex[GIT_OID_HEXSZ + 1])
{
	AUTO_ERR struct err err = ERR_INIT;
	struct version_tag tag = { .name = version, .version = version };
	const struct build_settings none = BUILD_SETTINGS_INIT;
	AUTO_COMMIT git_commit *object = NULL;

	assert_works(&err, repo_ref_id(repo, "refs/heads/main", commit, &err));
	tag.commit = tag.tag = *commit;
	assert_int_equal(git_commit_lookup(&object, repo, commit), 0);
	assert_works(&err, package_commit(repo, &tag, git_commit_tree_id(object),
					  &none, id, &err));
	git_oid_tostr(hex, GIT_OID_HEXSZ + 1, id);
}

static size_t differences(git_repository *repo, const struct host_view *view,
			  const char *first)
{
	AUTO_STATUS_FACTS struct status_facts facts = { 0 };
	AUTO_ERR struct err err = ERR_INIT;

	assert_works(&err,
		     status_facts_find(repo, "production", view, &facts, &err));
	if (first)
		assert_non_null(strstr(facts.differences.v[0], first));
	return facts.differences.nr;
}

static void the_server_is_compared_with_refs_and_notes(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;
	struct host_release rel = { .id = live_id,
				    .state = state_name,
				    .version = version,
				    .live = true };
	struct host_view view = {
		.live = live_id, .rollback = empty, .releases = &rel, .nr = 1
	};
	struct record record = { .id = "e",
				 .event = RECORD_RELEASED,
				 .env = "production",
				 .tag = version,
				 .release = live_id };
	git_oid id, commit;

	fixture_repo(f);
	fixture_open(f, "repo", &repo);
	make_package(repo, &id, &commit, rel.package);
	assert_int_equal(differences(repo, &view, "does not exist"), 2);
	assert_works(&err, records_set_live(repo, "production", &id, "x", &err));
	assert_int_equal(differences(repo, &view, "notes do not tell"), 1);
	/* One that failed, or another environment's, does not count. */
	record.event = RECORD_FAILED;
	assert_works(&err, records_append(repo, &commit, &record, &err));
	record.event = RECORD_RELEASED;
	record.env = "staging";
	assert_works(&err, records_append(repo, &commit, &record, &err));
	assert_int_equal(differences(repo, &view, "notes do not tell"), 1);
	record.env = "production";
	assert_works(&err, records_append(repo, &commit, &record, &err));
	assert_int_equal(differences(repo, &view, NULL), 0);
	assert_works(&err,
		     records_set_live(repo, "production", &commit, "x", &err));
	assert_int_equal(differences(repo, &view, "but v1 ("), 1);
}

static void unknown_and_foreign_packages_are_told(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;
	struct host_release rel = { .id = live_id,
				    .state = state_name,
				    .version = empty,
				    .live = true,
				    .foreign = true };
	struct host_view view = {
		.live = live_id, .rollback = empty, .releases = &rel, .nr = 1
	};
	git_oid head;

	fixture_repo(f);
	fixture_open(f, "repo", &repo);
	assert_int_equal(differences(repo, &view, NULL), 0);
	assert_works(&err, repo_ref_id(repo, "refs/heads/main", &head, &err));
	assert_works(&err,
		     records_set_live(repo, "production", &head, "x", &err));
	assert_int_equal(differences(repo, &view, "but release 2026"), 1);
	memset(rel.package, 'a', GIT_OID_HEXSZ);
	assert_int_equal(differences(repo, &view, NULL), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_fixture(the_server_is_compared_with_refs_and_notes),
		with_fixture(unknown_and_foreign_packages_are_told),
	};

	return cmocka_run_group_tests_name("status_facts", tests, NULL, NULL);
}
