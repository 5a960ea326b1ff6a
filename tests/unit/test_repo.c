#include "common/base/base.h"
#include "tests/unit/repo_fixture.h"
#include "common/git/blob_stream.h"
#include "common/git/run_git.h"
#include "common/model/package.h"
#include "common/text/link_target.h"

static void check_env(struct repo_fixture *f, const char *git_dir,
		      const char *work_tree, const char *want_work_tree)
{
	AUTO_STRBUF struct strbuf dir = STRBUF_INIT;
	AUTO_STRBUF struct strbuf tree = STRBUF_INIT;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;
	const char *got;

	strbuf_addf(&dir, "%s/%s", f->dir, git_dir);
	strbuf_addf(&tree, "%s/%s", f->dir, work_tree ? work_tree : "");
	setenv("GIT_DIR", dir.buf, 1);
	if (work_tree)
		setenv("GIT_WORK_TREE", tree.buf, 1);
	assert_works(&err, repo_open(&repo, &err));
	unsetenv("GIT_DIR");
	unsetenv("GIT_WORK_TREE");
	got = git_repository_workdir(repo);
	if (!want_work_tree) {
		assert_null(got);
		return;
	}
	assert_non_null(got);
	assert_string_equal(got + strlen(f->dir) + 1, want_work_tree);
}

static void opens_what_git_opens(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_REPO git_repository *linked = NULL;
	AUTO_REPO git_repository *below = NULL;
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;

	fixture_repo(f);
	fixture_put(f, "repo/sub/folder/x", "x");
	fixture_git(f, "repo", "config", "extensions.worktreeConfig", "true",
		    NULL);
	fixture_git(f, "repo", "config", "core.repositoryFormatVersion", "1",
		    NULL);
	fixture_git(f, "repo", "worktree", "add", "-q", "../linked", NULL);
	fixture_git(f, ".", "clone", "-q", "--bare", "repo", "bare.git", NULL);
	check_env(f, "repo/.git", NULL, "repo/");
	check_env(f, "repo/.git", "linked", "linked/");
	check_env(f, "bare.git", NULL, NULL);
	check_env(f, "bare.git", "repo", "repo/");
	fixture_open(f, "repo/sub/folder", &below);
	fixture_open(f, "linked", &linked);
	repo_state_path(linked, "x", &path);
	assert_string_equal(path.buf + strlen(f->dir),
			    "/repo/.git/git-release/x");
}

static void says_what_it_cannot_open(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	strbuf_addf(&path, "%s/sha256", f->dir);
	assert_fails_with(&err, ERR_FAILED, repo_open_at(&repo, f->dir, &err));
	assert_string_equal(err.msg.buf, "not a git repository");
	fixture_git(f, ".", "init", "-q", "--object-format=sha256", "sha256",
		    NULL);
	assert_fails_with(&err, ERR_FAILED, repo_open_at(&repo, path.buf, &err));
	assert_non_null(strstr(err.msg.buf, "SHA-1, which is not supported"));
	fixture_git(f, ".", "init", "-q", "sha256/tables", NULL);
	fixture_put(f, "sha256/tables/.git/config",
		    "[core]\n\trepositoryformatversion = 1\n"
		    "[extensions]\n\trefStorage = reftable\n");
	strbuf_addstr(&path, "/tables");
	assert_fails_with(&err, ERR_FAILED, repo_open_at(&repo, path.buf, &err));
	assert_non_null(strstr(err.msg.buf, "keeps its refs"));
	assert_non_null(strstr(err.hint.buf, "git refs migrate"));
}

static void refs_are_swapped_not_set(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;
	const git_oid none = { { 0 } };
	git_oid one, two;

	fixture_repo(f);
	fixture_open(f, "repo", &repo);
	assert_works(&err, repo_ref_id(repo, "refs/heads/main", &one, &err));
	fixture_git(f, "repo", "commit", "-q", "--allow-empty", "-m", "2", NULL);
	assert_works(&err, repo_ref_id(repo, "refs/heads/main", &two, &err));
	assert_works(&err,
		     repo_ref_swap(repo, "refs/x/y", &none, &one, NULL, &err));
	assert_fails_with(&err, ERR_REFUSED,
			  repo_ref_swap(repo, "refs/x/y", &none, &two, NULL,
					&err));
	assert_fails_with(&err, ERR_REFUSED,
			  repo_ref_swap(repo, "refs/x/y", &two, &one, NULL, &err));
	assert_fails_with(&err, ERR_REFUSED,
			  repo_ref_swap(repo, "refs/x/z", &one, &two, NULL, &err));
	assert_fails_with(&err, ERR_REFUSED,
			  repo_ref_swap(repo, "refs/x/y", &two, &none, NULL,
					&err));
	assert_works(&err,
		     repo_ref_swap(repo, "refs/x/y", &one, &two, NULL, &err));
	assert_works(&err,
		     repo_ref_swap(repo, "refs/x/y", &two, &none, NULL, &err));
	assert_fails_with(&err, ERR_NOTFOUND,
			  repo_ref_id(repo, "refs/x/y", &one, &err));
}

static void knows_the_local_variables(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_STRBUF struct strbuf list = STRBUF_INIT;
	char *save = NULL;

	fixture_git_out(f, ".", &list, "rev-parse", "--local-env-vars", NULL);
	for (char *var = strtok_r(list.buf, "\n", &save); var;
	     var = strtok_r(NULL, "\n", &save)) {
		size_t i = 0;

		while (git_local_env_vars[i] && strcmp(git_local_env_vars[i], var))
			i++;
		if (!git_local_env_vars[i])
			fail_msg("%s is not known", var);
	}
}

static void read_all(struct blob_source *src, const git_oid *id, size_t chunk,
		     struct strbuf *out)
{
	AUTO_ERR struct err err = ERR_INIT;
	AUTO_FREE char *buf = xcalloc(1, chunk);
	size_t got;

	assert_works(&err, blob_open(src, id, NULL, &err));
	do {
		assert_works(&err, blob_read(src, buf, chunk, &got, &err));
		strbuf_add(out, buf, got);
	} while (got);
}

static void streams_large_blobs(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_BLOB_SOURCE struct blob_source src = BLOB_SOURCE_INIT;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_STRBUF struct strbuf big = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	git_oid id, small_id, missing = { { 1 } };
	size_t got;
	char few[10];

	fixture_repo(f);
	while (big.len <= BLOB_WHOLE_MAX)
		strbuf_addf(&big, "%zu %zu\n", big.len, big.len * big.len);
	fixture_open(f, "repo", &repo);
	assert_int_equal(
		git_blob_create_from_buffer(&id, repo, big.buf, big.len), 0);
	assert_int_equal(git_blob_create_from_buffer(&small_id, repo, "abc", 3),
			 0);
	assert_works(&err, blob_source_init(&src, repo, &err));
	for (int i = 0; i < 2; i++) {
		AUTO_STRBUF struct strbuf out = STRBUF_INIT;
		AUTO_STRBUF struct strbuf small = STRBUF_INIT;

		read_all(&src, &id, 100000, &out);
		assert_int_equal(out.len, big.len);
		assert_memory_equal(out.buf, big.buf, big.len);
		read_all(&src, &small_id, 2, &small);
		assert_string_equal(small.buf, "abc");
		/* Left half-way: the next one must not see the rest. */
		assert_works(&err, blob_open(&src, &id, NULL, &err));
		assert_works(&err, blob_read(&src, few, 10, &got, &err));
	}
	assert_fails_with(&err, ERR_NOTFOUND,
			  blob_open(&src, &missing, NULL, &err));
}

static void prunes_the_oldest_packages(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_STRBUF struct strbuf refs = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	git_oid keep;
	unsigned removed = 0;

	fixture_repo(f);
	for (char c = '1'; c <= '5'; c++) {
		char ref[] = "refs/releases/v0", date[] = "1755680400 +0000";

		ref[sizeof(ref) - 2] = date[9] = c;
		setenv("GIT_COMMITTER_DATE", date, 1);
		fixture_git(f, "repo", "commit", "-q", "--allow-empty", "-m",
			    ref, NULL);
		fixture_git(f, "repo", "update-ref", ref, "HEAD", NULL);
	}
	fixture_open(f, "repo", &repo);
	assert_works(&err, repo_ref_id(repo, "refs/releases/v1", &keep, &err));
	assert_works(&err, package_prune(repo, 2, &keep, 1, &removed, &err));
	assert_int_equal(removed, 2);
	fixture_git_out(f, "repo", &refs, "for-each-ref", "--format=%(refname)",
			"refs/releases", NULL);
	assert_string_equal(refs.buf, "refs/releases/v1\nrefs/releases/v4\n"
				      "refs/releases/v5\n");
}

static void links_stay_inside_or_not(void **state UNUSED)
{
	static const struct {
		const char *path, *target;
		bool inside;
	} cases[] = {
		{ "a", "b", true },	      { "a", "./b//c/.", true },
		{ "a", "/b", false },	      { "a", "../b", false },
		{ "d/a", "../b", true },      { "d/a", "../../b", false },
		{ "d/a", "..", true },	      { "a", "..", false },
		{ "d/a", "b/../c", false },   { "a", "", false },
		{ "d/e/a", "../../b", true }, { "a", "...", true },
		{ "a", "..b/..c", true },     { "d/a", ".././b", true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (link_stays_inside(cases[i].path, cases[i].target,
				      strlen(cases[i].target)) != cases[i].inside)
			fail_msg("%s -> %s", cases[i].path, cases[i].target);
	assert_false(link_stays_inside("a", "b\0c", 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_fixture(opens_what_git_opens),
		with_fixture(says_what_it_cannot_open),
		with_fixture(refs_are_swapped_not_set),
		with_fixture(knows_the_local_variables),
		with_fixture(streams_large_blobs),
		with_fixture(prunes_the_oldest_packages),
		cmocka_unit_test(links_stay_inside_or_not),
	};

	return cmocka_run_group_tests_name("repo", tests, NULL, NULL);
}
