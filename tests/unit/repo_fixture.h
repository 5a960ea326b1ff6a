#ifndef REPO_FIXTURE_H
#define REPO_FIXTURE_H

/*
 * Real repositories in a private directory, made with the git program in a
 * sealed environment, for tests of what reads them. Nothing of the person
 * who runs the tests (settings, keys, editor) gets in.
 */
#include "tests/unit/unit.h"
#include "common/base/mem.h"
#include "common/base/strvec.h"
#include "common/git/repo.h"
#include "common/sys/fileio.h"
#include "common/sys/proc.h"
#include "common/sys/rmtree.h"

#define FIXTURE_DATE "1755680400 +0200"

#ifdef __SANITIZE_ADDRESS__
/* libgit2 1.5 leaks what PCRE2 gave it when it opens some repositories. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libpcre2\n";
}
#endif

struct repo_fixture {
	char *dir; /* everything is below it */
	int fd;
};

static inline void fixture_env(const char *dir)
{
	setenv("HOME", dir, 1);
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
	setenv("GIT_CEILING_DIRECTORIES", dir, 1);
	setenv("GIT_AUTHOR_NAME", "Ann Author", 1);
	setenv("GIT_AUTHOR_EMAIL", "ann@example.com", 1);
	setenv("GIT_COMMITTER_NAME", "Tom Tagger", 1);
	setenv("GIT_COMMITTER_EMAIL", "tom@example.com", 1);
	setenv("GIT_AUTHOR_DATE", FIXTURE_DATE, 1);
	setenv("GIT_COMMITTER_DATE", FIXTURE_DATE, 1);
	setenv("LC_ALL", "C", 1);
	unsetenv("GIT_DIR");
	unsetenv("GIT_WORK_TREE");
}

static inline int fixture_setup(void **state)
{
	struct repo_fixture *f = xcalloc(1, sizeof(*f));
	char name[] = "/tmp/git-release-unit-XXXXXX";

	f->dir = xstrdup(mkdtemp(name));
	f->fd = open(f->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fixture_env(f->dir);
	*state = f;
	return f->fd < 0 ? -1 : 0;
}

static inline int fixture_teardown(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_ERR struct err err = ERR_INIT;
	int ret = rmtree(AT_FDCWD, f->dir, &err);

	close_quietly(f->fd);
	free(f->dir);
	free(f);
	return ret;
}

/* Runs a program in <dir>/<where>; stdout goes to out (may be NULL). */
static inline int fixture_try(struct repo_fixture *f, const char *where,
			      struct strbuf *out, struct strvec *argv)
{
	AUTO_FD int dirfd =
		openat(f->fd, where, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct proc_spec spec = PROC_SPEC_INIT;
	AUTO_STRBUF struct strbuf errors = STRBUF_INIT;
	struct proc_talk talk = { .out = out, .errors = &errors };
	AUTO_PROC struct proc p = PROC_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	int status = -1;

	assert_true(dirfd >= 0);
	spec.argv = argv->v;
	spec.dirfd = dirfd;
	spec.out = PROC_PIPE;
	spec.errors = PROC_PIPE;
	assert_works(&err, proc_start(&p, &spec, &err));
	assert_works(&err, proc_talk(&p, &talk, &status, &err));
	if (status)
		print_message("# %s %s: %s\n", argv->v[0],
			      argv->nr > 1 ? argv->v[1] : "", errors.buf);
	return status;
}

/* fixture_git(f, "repo", "commit", "-m", "x", NULL): must succeed. */
#define fixture_git(f, where, ...)                                             \
	do {                                                                   \
		AUTO_STRVEC struct strvec argv_ = STRVEC_INIT;                 \
		strvec_pushl(&argv_, "git", __VA_ARGS__);                      \
		assert_int_equal(fixture_try((f), (where), NULL, &argv_), 0);  \
	} while (0)

/* The same, with stdout appended to out as it is. */
#define fixture_git_out(f, where, out, ...)                                    \
	do {                                                                   \
		AUTO_STRVEC struct strvec argv_ = STRVEC_INIT;                 \
		strvec_pushl(&argv_, "git", __VA_ARGS__);                      \
		assert_int_equal(fixture_try((f), (where), (out), &argv_), 0); \
	} while (0)

static inline void fixture_put_bytes(struct repo_fixture *f, const char *path,
				     const void *bytes, size_t len, mode_t mode)
{
	AUTO_STRBUF struct strbuf dir = STRBUF_INIT;
	AUTO_FD int fd = -1;

	for (const char *p = strchr(path, '/'); p; p = strchr(p + 1, '/')) {
		strbuf_reset(&dir);
		strbuf_add(&dir, path, (size_t)(p - path));
		if (mkdirat(f->fd, dir.buf, 0777) < 0)
			assert_int_equal(errno, EEXIST);
	}
	fd = openat(f->fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	assert_true(fd >= 0);
	assert_int_equal(write_all(fd, bytes, len), 0);
}

static inline void fixture_put(struct repo_fixture *f, const char *path,
			       const char *text)
{
	fixture_put_bytes(f, path, text, strlen(text), 0644);
}

/* A repository "repo" on branch main with one commit of one file. */
static inline void fixture_repo(struct repo_fixture *f)
{
	fixture_git(f, ".", "init", "-q", "-b", "main", "repo", NULL);
	fixture_put(f, "repo/index.php", "<?php echo 1;\n");
	fixture_git(f, "repo", "add", "-A", NULL);
	fixture_git(f, "repo", "commit", "-q", "-m", "one", NULL);
}

static inline void fixture_open(struct repo_fixture *f, const char *where,
				git_repository **out)
{
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	strbuf_addf(&path, "%s/%s", f->dir, where);
	assert_works(&err, repo_open_at(out, path.buf, &err));
}

#define with_fixture(test)                                                     \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

#endif
