#include "common/base/base.h"
#include "tests/unit/repo_fixture.h"
#include "common/model/version_tag.h"

static void check_refused(struct repo_fixture *f, const char *version,
			  const struct tag_policy *policy, int code,
			  const char *message)
{
	AUTO_VERSION_TAG struct version_tag tag = VERSION_TAG_INIT;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;
	struct tag_policy none = { 0 };

	fixture_open(f, "repo", &repo);
	assert_fails_with(&err, code,
			  version_tag_find(repo, version,
					   policy ? policy : &none, &tag, &err));
	assert_string_equal(err.msg.buf, message);
	assert_null(tag.name);
}

static void finds_with_and_without_prefix(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_VERSION_TAG struct version_tag a = VERSION_TAG_INIT;
	AUTO_VERSION_TAG struct version_tag b = VERSION_TAG_INIT;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;
	struct tag_policy policy = { 0 };

	fixture_repo(f);
	fixture_git(f, "repo", "tag", "-a", "-m", "x", "v1.2.0", NULL);
	fixture_open(f, "repo", &repo);
	assert_works(&err, version_tag_find(repo, "1.2.0", &policy, &a, &err));
	assert_works(&err, version_tag_find(repo, "v1.2.0", &policy, &b, &err));
	assert_string_equal(a.name, "v1.2.0");
	assert_string_equal(a.version, "1.2.0");
	assert_string_equal(a.ref, "refs/tags/v1.2.0");
	assert_true(a.annotated);
	assert_string_equal(b.version, "1.2.0");
	assert_true(git_oid_equal(&a.commit, &b.commit));
	assert_false(git_oid_equal(&a.commit, &a.tag));
}

static void refuses_what_is_no_version(void **state)
{
	struct repo_fixture *f = *state;
	char longest[301];

	fixture_repo(f);
	fixture_git(f, "repo", "tag", "-a", "-m", "x", "v1;reboot", NULL);
	fixture_git(f, "repo", "update-ref", "refs/tags/vHEAD", "HEAD", NULL);
	check_refused(f, "v1;reboot", NULL, ERR_FAILED,
		      "'v1;reboot' is not a version");
	check_refused(f, "HEAD", NULL, ERR_FAILED, "'HEAD' is not a version");
	check_refused(f, "--", NULL, ERR_FAILED, "'--' is not a version");
	check_refused(f, "", NULL, ERR_FAILED, "'' is not a version");
	check_refused(f, "v", NULL, ERR_FAILED, "'v' is not a version");
	check_refused(f, "$(id>x)", NULL, ERR_FAILED,
		      "'$(id>x)' is not a version");
	check_refused(f, "1..2", NULL, ERR_FAILED, "'1..2' is not a version");
	check_refused(f, "1.lock", NULL, ERR_FAILED, "'1.lock' is not a version");
	check_refused(f, "../1", NULL, ERR_FAILED, "'../1' is not a version");
	check_refused(f, "1\033[2J", NULL, ERR_FAILED,
		      "'1\\033[2J' is not a version");
	memset(longest, '1', 300);
	longest[300] = '\0';
	check_refused(f, longest, NULL, ERR_FAILED,
		      "'1111111111111111111111111111111111111111111111111111"
		      "11111111...' is not a version");
}

static void refuses_branches_and_lost_tags(void **state)
{
	struct repo_fixture *f = *state;

	fixture_repo(f);
	check_refused(f, "v9", NULL, ERR_NOTFOUND, "there is no tag 'v9'");
	fixture_git(f, "repo", "branch", "v9", NULL);
	check_refused(f, "v9", NULL, ERR_REFUSED, "'v9' is a branch, not a tag");
	fixture_git(f, "repo", "tag", "-a", "-m", "x", "v9", NULL);
	check_refused(f, "v9", NULL, ERR_REFUSED, "'v9' is a tag and a branch");
}

static void refuses_blobs_and_trees(void **state)
{
	struct repo_fixture *f = *state;

	fixture_repo(f);
	fixture_git(f, "repo", "tag", "-a", "-m", "x", "v1", "HEAD:index.php",
		    NULL);
	fixture_git(f, "repo", "tag", "v2", "HEAD^{tree}", NULL);
	check_refused(f, "v1", NULL, ERR_REFUSED,
		      "tag 'v1' names a blob, not a commit");
	check_refused(f, "v2", NULL, ERR_REFUSED,
		      "tag 'v2' names a tree, not a commit");
}

static void lightweight_is_a_matter_of_policy(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_VERSION_TAG struct version_tag tag = VERSION_TAG_INIT;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;
	struct tag_policy policy = { .allow_lightweight = true };

	fixture_repo(f);
	fixture_git(f, "repo", "tag", "v1", NULL);
	check_refused(f, "v1", NULL, ERR_REFUSED,
		      "tag 'v1' is lightweight, not annotated");
	fixture_open(f, "repo", &repo);
	assert_works(&err, version_tag_find(repo, "v1", &policy, &tag, &err));
	assert_false(tag.annotated);
	assert_true(git_oid_equal(&tag.tag, &tag.commit));
	policy.signed_tag = true;
	check_refused(f, "v1", &policy, ERR_REFUSED,
		      "tag 'v1' is lightweight, not annotated");
}

static void takes_a_tag_of_a_tag_but_no_borrowed_name(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_VERSION_TAG struct version_tag tag = VERSION_TAG_INIT;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;
	struct tag_policy policy = { 0 };

	fixture_repo(f);
	fixture_git(f, "repo", "tag", "-a", "-m", "x", "v1", NULL);
	fixture_git(f, "repo", "tag", "-a", "-m", "x", "v2", "v1", NULL);
	fixture_git(f, "repo", "update-ref", "refs/tags/v3", "v1", NULL);
	fixture_open(f, "repo", &repo);
	assert_works(&err, version_tag_find(repo, "v2", &policy, &tag, &err));
	check_refused(f, "v3", NULL, ERR_REFUSED,
		      "tag 'v3' calls itself 'v1' in its own object");
}

static void must_be_on_the_branch(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_VERSION_TAG struct version_tag tag = VERSION_TAG_INIT;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;
	struct tag_policy policy = { 0 };

	fixture_repo(f);
	fixture_git(f, "repo", "branch", "production", NULL);
	fixture_git(f, "repo", "commit", "-q", "--allow-empty", "-m", "two",
		    NULL);
	fixture_git(f, "repo", "tag", "-a", "-m", "x", "v2", NULL);
	check_refused(f, "v2", NULL, ERR_REFUSED,
		      "tag 'v2' is not on branch 'production'");
	/* The remote's branch is what counts where there is one. */
	fixture_git(f, "repo", "update-ref", "refs/remotes/origin/production",
		    "main", NULL);
	fixture_open(f, "repo", &repo);
	assert_works(&err, version_tag_find(repo, "v2", &policy, &tag, &err));
	policy.branch = "nowhere";
	check_refused(f, "v2", &policy, ERR_FAILED,
		      "there is no branch 'nowhere', here or on 'origin'");
}

static void needs_a_signature_when_told(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_VERSION_TAG struct version_tag tag = VERSION_TAG_INIT;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;
	struct tag_policy policy = { .signed_tag = true };

	fixture_repo(f);
	fixture_git(f, "repo", "tag", "-a", "-m", "x", "v1", NULL);
	fixture_open(f, "repo", &repo);
	assert_fails_with(&err, ERR_REFUSED,
			  version_tag_find(repo, "v1", &policy, &tag, &err));
	assert_non_null(strstr(err.msg.buf, "tag 'v1' has no good signature"));
}

/* Signed with a key made here, which the repository then lists as good. */
static void takes_a_good_signature(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_STRVEC struct strvec keygen = STRVEC_INIT;
	AUTO_STRBUF struct strbuf allowed = STRBUF_INIT;
	AUTO_VERSION_TAG struct version_tag tag = VERSION_TAG_INIT;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;
	struct tag_policy policy = { .signed_tag = true };

	fixture_repo(f);
	strvec_pushl(&keygen, "ssh-keygen", "-q", "-t", "ed25519", "-N", "",
		     "-f", "key", NULL);
	assert_int_equal(fixture_try(f, ".", NULL, &keygen), 0);
	strbuf_addstr(&allowed, "tom@example.com ");
	assert_works(&err, file_read(f->fd, "key.pub", 4096, &allowed, &err));
	fixture_put(f, "allowed", allowed.buf);
	fixture_git(f, "repo", "config", "gpg.format", "ssh", NULL);
	fixture_git(f, "repo", "config", "user.signingKey", "../key", NULL);
	strbuf_reset(&allowed);
	strbuf_addf(&allowed, "%s/allowed", f->dir);
	fixture_git(f, "repo", "config", "gpg.ssh.allowedSignersFile",
		    allowed.buf, NULL);
	fixture_git(f, "repo", "tag", "-s", "-m", "x", "v1", NULL);
	fixture_open(f, "repo", &repo);
	assert_works(&err, version_tag_find(repo, "v1", &policy, &tag, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_fixture(finds_with_and_without_prefix),
		with_fixture(refuses_what_is_no_version),
		with_fixture(refuses_branches_and_lost_tags),
		with_fixture(refuses_blobs_and_trees),
		with_fixture(lightweight_is_a_matter_of_policy),
		with_fixture(takes_a_tag_of_a_tag_but_no_borrowed_name),
		with_fixture(must_be_on_the_branch),
		with_fixture(needs_a_signature_when_told),
		with_fixture(takes_a_good_signature),
	};

	return cmocka_run_group_tests_name("version_tag", tests, NULL, NULL);
}
