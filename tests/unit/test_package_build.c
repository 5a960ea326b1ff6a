#include "common/base/base.h"
#include "tests/unit/build_fixture.h"

static void assert_ls_tree(struct repo_fixture *f, const char *where,
			   const char *names)
{
	AUTO_STRBUF struct strbuf got = STRBUF_INIT;

	fixture_git_out(f, where, &got, "ls-tree", "-r", "--name-only",
			"refs/releases/v1", NULL);
	assert_string_equal(got.buf, names);
}

static void assert_same_tree(struct repo_fixture *f, const char *a, const char *b)
{
	AUTO_STRBUF struct strbuf x = STRBUF_INIT;
	AUTO_STRBUF struct strbuf y = STRBUF_INIT;

	fixture_git_out(f, "repo", &x, "rev-parse", a, NULL);
	fixture_git_out(f, "repo", &y, "rev-parse", b, NULL);
	assert_string_equal(x.buf, y.buf);
}

static void nothing_to_do_ships_the_tags_tree(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_BUILD struct build_fixture b = BUILD_FIXTURE_INIT;
	AUTO_STRBUF struct strbuf got = STRBUF_INIT;
	AUTO_STRBUF struct strbuf want = STRBUF_INIT;
	char hex[GIT_OID_HEXSZ + 1];

	fixture_repo(f);
	fixture_put(f, "repo/.gitattributes", "* text=auto eol=lf\n");
	fixture_git(f, "repo", "config", "commit.gpgSign", "true", NULL);
	fixture_git(f, "repo", "config", "user.name", "Somebody Else", NULL);
	fixture_git(f, "repo", "add", "-A", NULL);
	fixture_git(f, "repo", "commit", "-q", "--no-gpg-sign", "-m", "two",
		    NULL);
	fixture_git(f, "repo", "tag", "-a", "-m", "x", "v1", NULL);
	assert_works(&b.err, fixture_build(f, "repo", &b));
	assert_true(b.report.built);
	assert_same_tree(f, "v1^{tree}", "refs/releases/v1^{tree}");
	fixture_git_out(f, "repo", &got, "cat-file", "commit",
			"refs/releases/v1", NULL);
	git_oid_tostr(hex, sizeof(hex), &b.pkg.commit);
	strbuf_addf(&want,
		    "tree %s\nparent %s\n"
		    "author Tom Tagger <tom@example.com> " FIXTURE_DATE "\n"
		    "committer Tom Tagger <tom@example.com> " FIXTURE_DATE "\n"
		    "\nRelease v1\n\nVersion: 1\nBuild: 1+%.7s\nCommit: %s\n",
		    git_oid_tostr_s(&b.pkg.tree), hex, hex, hex);
	assert_string_equal(got.buf, want.buf);
	fixture_git(f, "repo", "fsck", "--strict", NULL);
	assert_works(&b.err, fixture_build(f, "repo", &b));
}

static void odd_names_arrive_byte_for_byte(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_BUILD struct build_fixture b = BUILD_FIXTURE_INIT;
	AUTO_STRBUF struct strbuf name = STRBUF_INIT;

	fixture_repo(f);
	fixture_put(f, "repo/new\nline", "1");
	fixture_put(f, "repo/esc\033[2J", "22");
	fixture_put(f, "repo/-rf", "333");
	fixture_put(f, "repo/\"quo'te\\", "4444");
	fixture_put(f, "repo/not\377utf8", "55555");
	fixture_put(f, "repo/ blank ", "6");
	fixture_put(f, "repo/a/\nb/c", "7");
	fixture_put_bytes(f, "repo/exe", "8", 1, 0755);
	fixture_put_bytes(f, "repo/nul", "a\0b\n", 4, 0600);
	assert_int_equal(symlinkat("a/\nb", f->fd, "repo/li\"nk"), 0);
	strbuf_addstr(&name, "repo/");
	for (int i = 0; i < 255; i++)
		strbuf_addch(&name, 'n');
	fixture_put(f, name.buf, "long");
	fixture_tag(f, "v1");
	strvec_push(&b.settings.build, "true");
	assert_works(&b.err, fixture_build(f, "repo", &b));
	assert_same_tree(f, "v1^{tree}", "refs/releases/v1^{tree}");
	fixture_git(f, "repo", "fsck", "--strict", NULL);
}

static void put_export_case(struct repo_fixture *f)
{
	fixture_repo(f);
	fixture_put(f, "repo/.gitattributes",
		    "*.txt text\n*.bat eol=crlf\n/tests export-ignore\n"
		    "subst export-subst\nid ident\n");
	fixture_put(f, "repo/a.txt", "one\ntwo\n");
	fixture_put(f, "repo/a.bat", "one\ntwo\n");
	fixture_put(f, "repo/tests/x", "x");
	fixture_put(f, "repo/subst", "$Format:%H %d$\n");
	fixture_put(f, "repo/id", "$Id$\n");
	fixture_put(f, "repo/drop/x", "x");
	fixture_tag(f, "v1");
}

/* What one builder has set up for himself must not reach the package. */
static void is_the_same_from_every_clone(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_BUILD struct build_fixture a = BUILD_FIXTURE_INIT;
	AUTO_BUILD struct build_fixture b = BUILD_FIXTURE_INIT;
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;

	put_export_case(f);
	fixture_git(f, ".", "clone", "-q", "repo", "other", NULL);
	fixture_git(f, "other", "config", "core.autocrlf", "true", NULL);
	fixture_git(f, "other", "config", "core.eol", "crlf", NULL);
	fixture_git(f, "other", "config", "tar.umask", "0077", NULL);
	fixture_put(f, "attributes", "* export-ignore\n");
	strbuf_addf(&text, "%s/attributes", f->dir);
	fixture_git(f, "other", "config", "core.attributesFile", text.buf, NULL);
	strbuf_reset(&text);
	fixture_put(f, "other/.git/info/attributes", "*.txt export-ignore\n");
	fixture_git(f, "other", "branch", "another", NULL);
	strvec_push(&a.settings.build, "echo $GIT_RELEASE_TAG >built");
	strvec_push(&b.settings.build, "echo $GIT_RELEASE_TAG >built");
	strvec_push(&a.settings.exclude, "/drop");
	strvec_push(&b.settings.exclude, "/drop");
	assert_works(&a.err, fixture_build(f, "repo", &a));
	assert_works(&b.err, fixture_build(f, "other", &b));
	assert_true(git_oid_equal(&a.pkg.id, &b.pkg.id));
	assert_ls_tree(f, "other",
		       ".gitattributes\na.bat\na.txt\nbuilt\nid\nindex.php\n"
		       "subst\n");
	fixture_git_out(f, "other", &text, "show", "refs/releases/v1:a.bat",
			"refs/releases/v1:a.txt", NULL);
	assert_string_equal(text.buf, "one\r\ntwo\r\none\ntwo\n");
	strbuf_reset(&text);
	fixture_git_out(f, "other", &text, "log", "-1",
			"--format=%(trailers:only,unfold)", "refs/releases/v1",
			NULL);
	assert_non_null(strstr(text.buf, "\nBuild-Command: echo "
					 "$GIT_RELEASE_TAG >built\n"
					 "Exclude: /drop\n"));
	fixture_git(f, "other", "fsck", "--strict", NULL);
}

static void attributes_alone_are_enough_for_an_export(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_BUILD struct build_fixture b = BUILD_FIXTURE_INIT;

	put_export_case(f);
	assert_works(&b.err, fixture_build(f, "repo", &b));
	assert_ls_tree(f, "repo",
		       ".gitattributes\na.bat\na.txt\ndrop/x\nid\nindex.php\n"
		       "subst\n");
}

static void excludes_as_gitignore_does(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_BUILD struct build_fixture b = BUILD_FIXTURE_INIT;

	fixture_repo(f);
	fixture_put(f, "repo/.gitignore", "/index.php\n");
	fixture_put(f, "repo/a/x.log", "x");
	fixture_put(f, "repo/a/keep.log", "x");
	fixture_put(f, "repo/b/x.log", "x");
	fixture_put(f, "repo/doc/deep/x", "x");
	fixture_put(f, "repo/doc\n/x", "x");
	fixture_git(f, "repo", "add", "-f", ".", NULL);
	fixture_tag(f, "v1");
	strvec_pushl(&b.settings.exclude, "*.log", "!keep.log", "doc/", NULL);
	assert_works(&b.err, fixture_build(f, "repo", &b));
	assert_ls_tree(f, "repo",
		       ".gitignore\na/keep.log\n\"doc\\n/x\"\nindex.php\n");
	assert_int_equal(b.report.warnings.nr, 0);
}

static void ships_a_subdirectory(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_BUILD struct build_fixture b = BUILD_FIXTURE_INIT;
	AUTO_BUILD struct build_fixture again = BUILD_FIXTURE_INIT;

	fixture_repo(f);
	fixture_put(f, "repo/apps/web/index.php", "web");
	fixture_put(f, "repo/apps/web/lib/x", "x");
	fixture_put(f, "repo/apps/web/y.md", "y");
	fixture_tag(f, "v1");
	b.settings.subdirectory = xstrdup("apps/web");
	assert_works(&b.err, fixture_build(f, "repo", &b));
	assert_same_tree(f, "v1:apps/web", "refs/releases/v1^{tree}");
	/* Attributes above the directory count below it. */
	fixture_put(f, "repo/.gitattributes", "*.md export-ignore\n");
	fixture_tag(f, "v1");
	again.settings.subdirectory = xstrdup("apps/web/");
	again.rebuild = true;
	assert_works(&again.err, fixture_build(f, "repo", &again));
	assert_ls_tree(f, "repo", "index.php\nlib/x\n");
	assert_true(again.report.replaced);
	free(again.settings.subdirectory);
	again.settings.subdirectory = xstrdup("apps/nowhere");
	assert_fails_with(&again.err, ERR_REFUSED,
			  fixture_build(f, "repo", &again));
}

static void moved_tag_needs_a_rebuild(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_BUILD struct build_fixture b = BUILD_FIXTURE_INIT;
	git_oid first;

	fixture_repo(f);
	fixture_tag(f, "v1");
	assert_works(&b.err, fixture_build(f, "repo", &b));
	first = b.pkg.id;
	fixture_put(f, "repo/new", "x");
	fixture_tag(f, "v1");
	assert_fails_with(&b.err, ERR_REFUSED, fixture_build(f, "repo", &b));
	assert_string_equal(b.err.msg.buf,
			    "tag 'v1' has moved since it was built");
	assert_string_equal(b.err.hint.buf, "git release --rebuild v1");
	b.rebuild = true;
	assert_works(&b.err, fixture_build(f, "repo", &b));
	assert_true(b.report.replaced);
	assert_false(git_oid_equal(&first, &b.pkg.id));
}

static void what_is_there_is_not_built_again(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_BUILD struct build_fixture b = BUILD_FIXTURE_INIT;
	AUTO_BUILD struct build_fixture again = BUILD_FIXTURE_INIT;

	fixture_repo(f);
	fixture_tag(f, "v1");
	strvec_push(&b.settings.build, "echo hello; echo there >&2");
	strvec_push(&again.settings.build, "echo again; exit 1");
	assert_works(&b.err, fixture_build(f, "repo", &b));
	assert_string_equal(b.output.buf, "hello\nthere\n");
	assert_works(&again.err, fixture_build(f, "repo", &again));
	assert_false(again.report.built);
	assert_true(git_oid_equal(&b.pkg.id, &again.pkg.id));
	assert_string_equal(again.pkg.build, b.pkg.build);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_fixture(nothing_to_do_ships_the_tags_tree),
		with_fixture(odd_names_arrive_byte_for_byte),
		with_fixture(is_the_same_from_every_clone),
		with_fixture(attributes_alone_are_enough_for_an_export),
		with_fixture(excludes_as_gitignore_does),
		with_fixture(ships_a_subdirectory),
		with_fixture(moved_tag_needs_a_rebuild),
		with_fixture(what_is_there_is_not_built_again),
	};

	return cmocka_run_group_tests_name("package_build", tests, NULL, NULL);
}
