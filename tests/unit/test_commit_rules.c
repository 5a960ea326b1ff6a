#include "common/base/base.h"
#include "tests/unit/repo_fixture.h"
#include "common/git/revision.h"
#include "git-serversync/commit_rules.h"

struct loaded {
	git_repository *repo;
	struct commit_rules rules;
	struct err err;
};
#define LOADED_INIT                                                            \
	{                                                                      \
		.rules = COMMIT_RULES_INIT, .err = ERR_INIT                    \
	}

static void loaded_release(struct loaded *l)
{
	commit_rules_release(&l->rules);
	git_repository_free(l->repo);
	err_release(&l->err);
}
#define AUTO_LOADED CLEANUP(loaded_release)

static void commit_all(struct repo_fixture *f)
{
	fixture_git(f, "repo", "add", "-A", "-f", NULL);
	fixture_git(f, "repo", "commit", "-q", "-m", "two", NULL);
}

static int load(struct repo_fixture *f, struct loaded *l)
{
	git_oid id;

	fixture_open(f, "repo", &l->repo);
	assert_works(&l->err, revision_commit(l->repo, "HEAD", &id, &l->err));
	return commit_rules_load(l->repo, &id, &l->rules, &l->err);
}

static void the_commits_own_files_count(void **state)
{
	AUTO_LOADED struct loaded l = LOADED_INIT;
	struct repo_fixture *f = *state;

	fixture_repo(f);
	fixture_put(f, "repo/.gitignore", "vendor/\n*.log\n");
	fixture_put(f, "repo/a/b/.gitignore", "!keep.log\n/cache/\n");
	commit_all(f);
	/* Neither of these says anything of what is live. */
	fixture_put(f, "repo/.gitignore", "*\n");
	fixture_put(f, "repo/.git/info/exclude", "index.php\n");
	fixture_git(f, "repo", "add", "-f", ".gitignore", NULL);
	assert_works(&l.err, load(f, &l));
	assert_int_equal(ignore_rules_top(&l.rules.ignored, "vendor/x/y", false),
			 6);
	assert_true(ignore_rules_match(&l.rules.ignored, "a/x.log", false));
	assert_false(ignore_rules_match(&l.rules.ignored, "a/b/keep.log", false));
	assert_true(ignore_rules_match(&l.rules.ignored, "a/b/cache/x", false));
	assert_false(ignore_rules_match(&l.rules.ignored, "cache/x", false));
	assert_false(ignore_rules_match(&l.rules.ignored, "index.php", false));
	assert_false(commit_rules_unexported(&l.rules, "index.php"));
}

/* Every file of the commit is in the archive, or is said not to be. */
static void compare_with_archive(struct repo_fixture *f, struct loaded *l)
{
	AUTO_STRBUF struct strbuf all = STRBUF_INIT, tar = STRBUF_INIT;
	size_t left_out = 0;

	fixture_git_out(f, "repo", &all, "ls-tree", "-r", "-z", "--name-only",
			"HEAD", NULL);
	fixture_git_out(f, "repo", &tar, "archive", "--prefix=@/", "HEAD", NULL);
	for (char *p = all.buf; p < all.buf + all.len; p += strlen(p) + 1) {
		AUTO_STRBUF struct strbuf name = STRBUF_INIT;
		bool there;

		strbuf_addf(&name, "@/%s", p);
		there = memmem(tar.buf, tar.len, name.buf, name.len + 1);
		if (commit_rules_unexported(&l->rules, p) == there)
			fail_msg("%s is %sin the archive", p,
				 there ? "" : "not ");
		left_out += !there;
	}
	assert_int_equal(left_out, 8);
}

static void what_is_not_exported(void **state)
{
	static const char *const files[] = {
		"docs/a.md",	   "docs/b/c.md",   "tests/t.php",
		"app/tests/t.php", "app/tests/b/c", "README.md",
		"app/x.md",	   "app/keep.md",   "app/lib/y.md",
		"tools",	   "app/z.php",
	};
	AUTO_LOADED struct loaded l = LOADED_INIT;
	struct repo_fixture *f = *state;

	fixture_repo(f);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		AUTO_STRBUF struct strbuf path = STRBUF_INIT;

		strbuf_addf(&path, "repo/%s", files[i]);
		fixture_put(f, path.buf, "x\n");
	}
	fixture_put(f, "repo/.gitattributes",
		    "[attr]ours export-ignore -text\n/docs ours\n"
		    "tests/ export-ignore\n*.md export-ignore\r\n"
		    "tools/ export-ignore\n.gitattributes export-ignore=no\n");
	fixture_put(f, "repo/app/.gitattributes",
		    "keep.md -export-ignore\n\"lib/\\171.md\" !ours "
		    "!export-ignore\n"
		    ".gitattributes ours\nx+y z+\n");
	commit_all(f);
	assert_works(&l.err, load(f, &l));
	compare_with_archive(f, &l);
	assert_true(commit_rules_unexported(&l.rules, "docs/new/file"));
	assert_false(commit_rules_unexported(&l.rules, "app/lib/y.md"));
}

static void links_are_not_followed(void **state)
{
	AUTO_LOADED struct loaded l = LOADED_INIT;
	struct repo_fixture *f = *state;

	fixture_repo(f);
	fixture_put(f, "repo/patterns", "*\n");
	assert_int_equal(symlinkat("patterns", f->fd, "repo/.gitignore"), 0);
	commit_all(f);
	assert_works(&l.err, load(f, &l));
	assert_false(ignore_rules_match(&l.rules.ignored, "x", false));
	assert_false(ignore_rules_match(&l.rules.ignored, "patterns", false));
}

static void too_much_is_refused(void **state)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	struct repo_fixture *f = *state;

	fixture_repo(f);
	for (int i = 0; i <= ATTRIBUTE_NAMES_MAX; i++)
		strbuf_addf(&text, "x a%d\n", i);
	fixture_put(f, "repo/.gitattributes", text.buf);
	commit_all(f);
	AUTO_LOADED struct loaded l = LOADED_INIT;
	assert_fails_with(&l.err, ERR_FAILED, load(f, &l));
	assert_non_null(strstr(l.err.msg.buf, "too many attributes"));

	while (text.len <= COMMIT_RULES_FILE_MAX)
		strbuf_addf(&text, "%1000d\n", 1);
	fixture_put(f, "repo/.gitattributes", "");
	fixture_put(f, "repo/a/.gitignore", text.buf);
	commit_all(f);
	AUTO_LOADED struct loaded large = LOADED_INIT;
	assert_fails_with(&large.err, ERR_FAILED, load(f, &large));
	assert_string_equal(large.err.msg.buf,
			    "a file of patterns is too large at "
			    "'a/.gitignore'");
	assert_null(large.rules.ignored.lists);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_fixture(the_commits_own_files_count),
		with_fixture(what_is_not_exported),
		with_fixture(links_are_not_followed),
		with_fixture(too_much_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
