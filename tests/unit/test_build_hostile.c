#include "common/base/base.h"
#include "tests/unit/build_fixture.h"

#include <dirent.h>
#include <signal.h>

static size_t count_entries(struct repo_fixture *f, const char *path)
{
	int fd = openat(f->fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	size_t nr = 0;

	if (!d)
		return 0;
	while (readdir(d))
		nr++;
	closedir(d);
	return nr - 2;
}

/* Builds with this command; it must fail, and nothing be left of it. */
static void check_build(struct repo_fixture *f, const char *command, int code,
			const char *message)
{
	AUTO_BUILD struct build_fixture b = BUILD_FIXTURE_INIT;
	AUTO_STRBUF struct strbuf before = STRBUF_INIT;
	AUTO_STRBUF struct strbuf after = STRBUF_INIT;
	int ret;

	fixture_git_out(f, "repo", &before, "for-each-ref", NULL);
	strbuf_addf(&before, "%zu", count_entries(f, "repo/.git/objects/pack"));
	strvec_push(&b.settings.build, command);
	ret = fixture_build(f, "repo", &b);
	if (ret != code || strcmp(b.err.msg.buf, message))
		fail_msg("'%s' gave %d: %s", command, ret, b.err.msg.buf);
	assert_null(b.pkg.tag);
	fixture_git_out(f, "repo", &after, "for-each-ref", NULL);
	strbuf_addf(&after, "%zu", count_entries(f, "repo/.git/objects/pack"));
	assert_string_equal(before.buf, after.buf);
	assert_int_equal(count_entries(f, "repo/.git/git-release/tmp"), 0);
}

static void refuses_what_may_not_ship(void **state)
{
	struct repo_fixture *f = *state;

	fixture_repo(f);
	fixture_tag(f, "v1");
	check_build(f, "mkfifo 'a\nb'", ERR_REFUSED,
		    "the build left what is no plain file, or has a set-id bit:"
		    "\n  \"a\\nb\"");
	check_build(f, "touch a; chmod 4755 a", ERR_REFUSED,
		    "the build left what is no plain file, or has a set-id bit:"
		    "\n  a");
	check_build(f,
		    "mkdir d; ln -s /etc/passwd d/abs; ln -s ../../x d/up;"
		    "ln -s a/../../x d/down; ln -s ../d d/fine",
		    ERR_REFUSED,
		    "symbolic links that may lead out of the package:"
		    "\n  d/abs -> /etc/passwd\n  d/down -> a/../../x"
		    "\n  d/up -> ../../x");
	check_build(f, "mkdir -p vendor/x/.git/refs; echo a >vendor/x/.git/HEAD",
		    ERR_REFUSED,
		    "the build left a repository inside the package:"
		    "\n  vendor/x/.git");
	check_build(f, "echo gitdir: /x >.GIT", ERR_REFUSED,
		    "the build left a repository inside the package:\n  .GIT");
	check_build(f, "rm -rf index.php", ERR_REFUSED,
		    "the package has no files");
	check_build(f, "mkdir closed; touch closed/a; chmod 0 closed; false",
		    ERR_UNDONE,
		    "'mkdir closed; touch closed/a; chmod 0 closed; false' "
		    "failed with status 1");
}

static void refuses_baked_paths(void **state)
{
	struct repo_fixture *f = *state;

	fixture_repo(f);
	fixture_tag(f, "v1");
	check_build(f, "mkdir c; pwd >c/config.php", ERR_REFUSED,
		    "files hold the path they were built in:\n  c/config.php");
	check_build(f, "pwd | sed 's,/,\\\\/,g' >a.json", ERR_REFUSED,
		    "files hold the path they were built in:\n  a.json");
	/* Across the border of two chunks of a file that is streamed. */
	check_build(f,
		    "t=${PWD%/tree}; { head -c 17825782 /dev/zero; "
		    "printf %s \"${t##*/}\"; head -c 99 /dev/zero; } >big",
		    ERR_REFUSED,
		    "files hold the path they were built in:\n  big");
}

static void refuses_links_of_the_tag_itself(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_BUILD struct build_fixture b = BUILD_FIXTURE_INIT;

	fixture_repo(f);
	assert_int_equal(symlinkat("../secret", f->fd, "repo/link"), 0);
	fixture_tag(f, "v1");
	assert_fails_with(&b.err, ERR_REFUSED, fixture_build(f, "repo", &b));
	assert_string_equal(b.err.msg.buf,
			    "symbolic links that may lead out of the package:"
			    "\n  link -> ../secret");
}

static void refuses_submodules_and_pointers(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_BUILD struct build_fixture b = BUILD_FIXTURE_INIT;
	AUTO_BUILD struct build_fixture lfs = BUILD_FIXTURE_INIT;

	fixture_repo(f);
	fixture_put(f, "repo/.gitattributes", "*.bin filter=lfs\n");
	fixture_put(f, "repo/big.bin",
		    "version https://git-lfs.github.com/spec/v1\n"
		    "oid sha256:00\nsize 5\n");
	fixture_tag(f, "v1");
	assert_fails_with(&lfs.err, ERR_REFUSED, fixture_build(f, "repo", &lfs));
	assert_string_equal(lfs.err.msg.buf,
			    "'big.bin' is still a Git LFS pointer");
	fixture_git(f, "repo", "update-index", "--add", "--cacheinfo",
		    "160000,1111111111111111111111111111111111111111,lib/sub",
		    NULL);
	fixture_git(f, "repo", "commit", "-q", "-m", "sub", NULL);
	fixture_git(f, "repo", "tag", "-f", "-a", "-m", "x", "v1", NULL);
	assert_fails_with(&b.err, ERR_REFUSED, fixture_build(f, "repo", &b));
	assert_non_null(strstr(b.err.msg.buf, "\n  lib/sub"));
}

static void build_sees_little_and_leaves_nobody(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_BUILD struct build_fixture b = BUILD_FIXTURE_INIT;
	char *end;
	long pid;

	fixture_repo(f);
	fixture_tag(f, "v1");
	setenv("SSH_AUTH_SOCK", "/nowhere", 1);
	setenv("API_TOKEN", "canary", 1);
	strvec_push(&b.settings.build, "env; git rev-parse --git-dir; cat");
	strvec_push(&b.settings.build, "sleep 300 & echo; echo pid $!");
	assert_works(&b.err, fixture_build(f, "repo", &b));
	unsetenv("SSH_AUTH_SOCK");
	unsetenv("API_TOKEN");
	assert_null(strstr(b.output.buf, "canary"));
	assert_null(strstr(b.output.buf, "SSH_AUTH_SOCK"));
	assert_null(strstr(b.output.buf, "GIT_DIR"));
	assert_non_null(strstr(b.output.buf, "GIT_RELEASE_VERSION=1\n"));
	assert_non_null(strstr(b.output.buf, "not a git repository"));
	pid = strtol(strstr(b.output.buf, "\npid ") + 5, &end, 10);
	assert_true(pid > 1);
	/* Killed; it may still wait for init to notice. */
	for (int i = 0; i < 100 && !kill((pid_t)pid, 0); i++) {
		char state_path[64], stat[256] = "";
		AUTO_FD int fd = -1;

		snprintf(state_path, sizeof(state_path), "/proc/%ld/stat", pid);
		fd = open(state_path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || read(fd, stat, sizeof(stat) - 1) < 0 ||
		    strstr(stat, ") Z "))
			return;
		usleep(10000);
	}
	assert_int_equal(kill((pid_t)pid, 0), -1);
}

static void validates_what_ships_and_keeps_it(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_BUILD struct build_fixture b = BUILD_FIXTURE_INIT;
	AUTO_BUILD struct build_fixture plain = BUILD_FIXTURE_INIT;

	fixture_repo(f);
	fixture_tag(f, "v1");
	strvec_push(&b.validate, "touch droppings; test -f nothing");
	assert_fails_with(&b.err, ERR_UNDONE, fixture_build(f, "repo", &b));
	strvec_release(&b.validate);
	strvec_push(&b.validate, "touch droppings; test -f index.php");
	assert_works(&b.err, fixture_build(f, "repo", &b));
	plain.rebuild = true;
	assert_works(&plain.err, fixture_build(f, "repo", &plain));
	assert_false(plain.report.replaced);
	assert_true(git_oid_equal(&b.pkg.id, &plain.pkg.id));
}

static void names_empty_directories(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_BUILD struct build_fixture b = BUILD_FIXTURE_INIT;

	fixture_repo(f);
	fixture_tag(f, "v1");
	strvec_push(&b.settings.build, "mkdir -p cache/a cache/b/c");
	assert_works(&b.err, fixture_build(f, "repo", &b));
	assert_int_equal(b.report.warnings.nr, 1);
	assert_string_equal(b.report.warnings.v[0],
			    "empty directories are not shipped:"
			    "\n  cache/a\n  cache/b/c");
}

/* What a killed builder left is cleared; what a living one holds is not. */
static void clears_what_the_dead_left(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_BUILD struct build_fixture b = BUILD_FIXTURE_INIT;

	fixture_repo(f);
	fixture_tag(f, "v1");
	fixture_put(f, "repo/.git/git-release/tmp/git-release-dead/tree/x", "");
	strvec_push(&b.settings.build, "ls ../.. | grep -c .; ls -d ..");
	assert_works(&b.err, fixture_build(f, "repo", &b));
	assert_string_equal(b.output.buf, "1\n..\n");
	assert_int_equal(count_entries(f, "repo/.git/git-release/tmp"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_fixture(refuses_what_may_not_ship),
		with_fixture(refuses_baked_paths),
		with_fixture(refuses_links_of_the_tag_itself),
		with_fixture(refuses_submodules_and_pointers),
		with_fixture(build_sees_little_and_leaves_nobody),
		with_fixture(validates_what_ships_and_keeps_it),
		with_fixture(names_empty_directories),
		with_fixture(clears_what_the_dead_left),
	};

	return cmocka_run_group_tests_name("build_hostile", tests, NULL, NULL);
}
