#include "common/base/base.h"
#include "tests/unit/repo_fixture.h"

#include <linux/fs.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>

#define DEEP  3000
#define FILES 256

static int enter(int at, const char *name)
{
	int fd = -1;

	if (!mkdirat(at, name, 0755) || errno == EEXIST)
		fd = openat(at, name,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		fail_msg("cannot make '%s': %s", name, strerror(errno));
	return fd;
}

static void put(int at, const char *name)
{
	AUTO_FD int fd = openat(at, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
}

/* One directory in the other; in each a file, and a link to the victim. */
static void make_deep(int at, int levels)
{
	AUTO_FD int fd = enter(at, "tree");

	for (int i = 0; i < levels; i++) {
		int next;

		put(fd, "file");
		assert_int_equal(symlinkat("../victim", fd, "link"), 0);
		close_quietly(enter(fd, "empty"));
		next = enter(fd, "d");
		if (i % 7 == 0)
			assert_int_equal(fchmod(fd, 0500), 0);
		close_quietly(fd);
		fd = next;
	}
}

static void make_victim(int at)
{
	AUTO_FD int fd = enter(at, "victim");

	put(fd, "file");
	close_quietly(enter(fd, "d"));
}

static void check_victim(int at)
{
	assert_int_equal(faccessat(at, "victim/file", F_OK, 0), 0);
	assert_int_equal(faccessat(at, "victim/d", F_OK, 0), 0);
}

static void is_gone(int at)
{
	assert_int_equal(faccessat(at, "tree", F_OK, AT_SYMLINK_NOFOLLOW), -1);
	assert_int_equal(errno, ENOENT);
}

static void deeper_than_descriptors(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_ERR struct err err = ERR_INIT;
	struct rlimit old, few;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	few = old;
	few.rlim_cur = FILES;
	make_victim(f->fd);
	make_deep(f->fd, DEEP);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	assert_works(&err, rmtree(f->fd, "tree", &err));
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	is_gone(f->fd);
	check_victim(f->fd);
}

/* The names that directories get on their way up may all be there. */
static void names_that_are_taken(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_ERR struct err err = ERR_INIT;
	AUTO_FD int top = -1, full = -1;

	make_deep(f->fd, 150);
	top = openat(f->fd, "tree", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(fchmod(top, 0700), 0);
	put(top, ".deep-0");
	full = enter(top, ".deep-1");
	put(full, "file");
	close_quietly(enter(top, ".deep-2"));
	assert_int_equal(symlinkat("../victim", top, ".deep-3"), 0);
	assert_works(&err, rmtree(f->fd, "tree", &err));
	is_gone(f->fd);
}

struct swapper {
	int at; /* a directory of the tree */
	const char *victim;
	atomic_bool stop;
};

/* Exchanges what is in the directory for links to the victim, and back. */
static void *swap(void *arg)
{
	struct swapper *s = arg;

	while (!atomic_load(&s->stop)) {
		(void)!symlinkat(s->victim, s->at, "bait");
		(void)!renameat2(s->at, "bait", s->at, "d", RENAME_EXCHANGE);
	}
	(void)!unlinkat(s->at, "bait", 0);
	return NULL;
}

static int descend(int at, int levels)
{
	int fd = openat(at, "tree", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	for (int i = 0; i < levels; i++) {
		int next = openat(fd, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		close_quietly(fd);
		fd = next;
	}
	assert_true(fd >= 0);
	return fd;
}

static void somebody_swaps(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_STRBUF struct strbuf victim = STRBUF_INIT;

	strbuf_addf(&victim, "%s/victim", f->dir);
	make_victim(f->fd);
	for (int round = 0; round < 16; round++) {
		AUTO_ERR struct err err = ERR_INIT;
		struct swapper s = { .victim = victim.buf };
		pthread_t thread;

		make_deep(f->fd, 100);
		/* Around the level from which directories are moved up. */
		s.at = descend(f->fd, 28 + round % 8);
		assert_int_equal(pthread_create(&thread, NULL, swap, &s), 0);
		(void)!rmtree(f->fd, "tree", &err);
		atomic_store(&s.stop, true);
		pthread_join(thread, NULL);
		close_quietly(s.at);
		check_victim(f->fd);
		assert_works(&err, rmtree(f->fd, "tree", &err));
		is_gone(f->fd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_fixture(deeper_than_descriptors),
		with_fixture(names_that_are_taken),
		with_fixture(somebody_swaps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
