#include "common/base/base.h"
#include "tests/unit/repo_fixture.h"
#include "common/git/remote.h"

#define ID_A "1111111111111111111111111111111111111111"
#define ID_B "2222222222222222222222222222222222222222"

static void reads_tags_with_what_they_name(void **state UNUSED)
{
	AUTO_REMOTE_REFS struct remote_refs refs = REMOTE_REFS_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	const struct remote_ref *tag;

	assert_works(&err, remote_refs_parse(ID_A "\trefs/heads/main\n" ID_A
						  "\trefs/tags/v1\n" ID_B
						  "\trefs/tags/v1^{}\n",
					     &refs, &err));
	assert_int_equal(refs.nr, 2);
	tag = remote_refs_find(&refs, "refs/tags/v1");
	assert_non_null(tag);
	assert_false(git_oid_equal(&tag->id, &tag->peeled));
	tag = remote_refs_find(&refs, "refs/heads/main");
	assert_true(git_oid_equal(&tag->id, &tag->peeled));
	assert_null(remote_refs_find(&refs, "refs/heads/mai"));
}

static void refuses_disorder(void **state UNUSED)
{
	static const char *const texts[] = {
		"x\n",
		ID_A "\n",
		ID_A "\t\n",
		ID_A " main\n",
		ID_A "\trefs/tags/v1^{}",
		"g" ID_A "\tx\n",
		ID_A "\trefs/tags/v1\n" ID_B "\trefs/tags/v2^{}\n",
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		AUTO_REMOTE_REFS struct remote_refs refs = REMOTE_REFS_INIT;
		AUTO_ERR struct err err = ERR_INIT;

		assert_fails_with(&err, ERR_FAILED,
				  remote_refs_parse(texts[i], &refs, &err));
		assert_int_equal(refs.nr, 0);
	}
}

static void push_one(git_repository *repo, const char *spec, int want,
		     struct err *err)
{
	AUTO_STRVEC struct strvec specs = STRVEC_INIT;

	strvec_push(&specs, spec);
	assert_int_equal(remote_push(repo, "origin", NULL, &specs, err), want);
}

static void fetch_one(git_repository *repo, const char *spec)
{
	AUTO_STRVEC struct strvec specs = STRVEC_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	strvec_push(&specs, spec);
	assert_works(&err, remote_fetch(repo, "origin", &specs, &err));
}

static void add_origin(struct repo_fixture *f)
{
	AUTO_STRBUF struct strbuf url = STRBUF_INIT;

	strbuf_addf(&url, "%s/origin.git", f->dir);
	fixture_git(f, ".", "init", "-q", "--bare", "origin.git", NULL);
	fixture_git(f, "repo", "config", "remote.origin.url", "/nowhere", NULL);
	fixture_git(f, "repo", "config", "remote.origin.pushurl", url.buf, NULL);
}

static void pushes_and_reads_back_where_it_pushed(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_REMOTE_REFS struct remote_refs refs = REMOTE_REFS_INIT;
	AUTO_STRVEC struct strvec patterns = STRVEC_INIT;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;
	git_oid id;

	fixture_repo(f);
	fixture_open(f, "repo", &repo);
	push_one(repo, "main", ERR_FAILED, &err);
	assert_string_equal(err.msg.buf, "there is no remote 'origin'");
	add_origin(f);
	push_one(repo, "main:refs/heads/main", 0, &err);
	strvec_push(&patterns, "refs/heads/*");
	assert_fails_with(&err, ERR_FAILED,
			  remote_list(repo, "origin", &patterns, &refs, &err));
	assert_works(&err,
		     remote_list_pushed(repo, "origin", &patterns, &refs, &err));
	assert_int_equal(refs.nr, 1);
	assert_works(&err, repo_ref_id(repo, "refs/heads/main", &id, &err));
	assert_true(git_oid_equal(&id, &refs.v[0].id));
}

static void says_what_the_remote_said(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;

	fixture_repo(f);
	fixture_open(f, "repo", &repo);
	add_origin(f);
	fixture_put_bytes(f, "origin.git/hooks/pre-receive",
			  "#!/bin/sh\necho not on Fridays >&2\nexit 1\n", 41,
			  0755);
	push_one(repo, "main:refs/heads/main", ERR_REFUSED, &err);
	assert_string_equal(err.msg.buf,
			    "the push to 'origin' was refused: main: [remote "
			    "rejected] (pre-receive hook declined)\n"
			    "remote: not on Fridays");
}

static void fetches_only_what_was_named(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;
	git_oid id;

	fixture_repo(f);
	fixture_git(f, "repo", "tag", "-a", "-m", "x", "v1", NULL);
	fixture_git(f, ".", "clone", "-q", "--no-tags", "repo", "clone", NULL);
	fixture_git(f, "clone", "update-ref", "-d", "refs/remotes/origin/main",
		    NULL);
	fixture_open(f, "clone", &repo);
	fetch_one(repo, "refs/heads/main");
	assert_works(&err,
		     repo_ref_id(repo, "refs/remotes/origin/main", &id, &err));
	assert_int_equal(ERR_NOTFOUND,
			 repo_ref_id(repo, "refs/tags/v1", &id, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_tags_with_what_they_name),
		cmocka_unit_test(refuses_disorder),
		with_fixture(pushes_and_reads_back_where_it_pushed),
		with_fixture(says_what_the_remote_said),
		with_fixture(fetches_only_what_was_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
