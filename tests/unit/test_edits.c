/*
 * The one comparison of a directory with its index: what is found, what is
 * read for it, and what is said to be unknown.
 */
#include "common/base/base.h"
#include "common/agent/edits.h"
#include "common/agent/tree.h"
#include "common/base/mem.h"
#include "common/sys/fileio.h"
#include "common/sys/rmtree.h"
#include "tests/unit/unit.h"

#include <sys/mount.h>
#include <time.h>
#include <sched.h>

struct place {
	char path[64];
	int top, dir; /* dir is "r" in it */
	struct release_index index, kept;
	struct strvec skip;
	struct strbuf found; /* "M a/b NL" ..., sorted */
	struct edit_scan last;
};

static void put(struct place *p, const char *path, const char *text)
{
	AUTO_FD int fd = openat(p->dir, path,
				O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_int_equal(write_all(fd, text, strlen(text)), 0);
}

static int setup(void **state)
{
	struct place *p = xcalloc(1, sizeof(*p));

	snprintf(p->path, sizeof(p->path), "/tmp/test-edits-XXXXXX");
	assert_non_null(mkdtemp(p->path));
	p->top = open(p->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(mkdirat(p->top, "r", 0755), 0);
	p->dir = openat(p->top, "r", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	p->found = (struct strbuf)STRBUF_INIT;
	p->index = p->kept = (struct release_index)RELEASE_INDEX_INIT;
	assert_int_equal(mkdirat(p->dir, "a", 0755), 0);
	assert_int_equal(mkdirat(p->dir, "a/deep", 0755), 0);
	assert_int_equal(mkdirat(p->dir, "b", 0755), 0);
	put(p, "a.x", "between a and what is in it");
	put(p, "a/one", "1");
	put(p, "a/deep/two", "2");
	put(p, "b/three", "3");
	assert_int_equal(symlinkat("a/one", p->dir, "link"), 0);
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct place *p = *state;
	AUTO_ERR struct err err = ERR_INIT;

	assert_works(&err, rmtree(p->top, "r", &err));
	assert_int_equal(rmdir(p->path), 0);
	close(p->top);
	close(p->dir);
	release_index_release(&p->index);
	release_index_release(&p->kept);
	strvec_release(&p->skip);
	strbuf_release(&p->found);
	free(p);
	return 0;
}

static void add_line(struct place *p, struct strbuf *out, const char *path)
{
	struct index_entry e = { .path = path, .path_len = strlen(path) };
	struct stat_record r;
	struct stat st;

	assert_int_equal(fstatat(p->dir, path, &st, AT_SYMLINK_NOFOLLOW), 0);
	stat_record_set(&r, &st);
	e.mode = r.mode;
	e.size = r.size;
	e.mtime = r.mtime;
	e.ctime = r.ctime;
	e.ino = r.ino;
	if (!S_ISDIR(st.st_mode))
		assert_int_equal(tree_hash(p->dir, path, &st, &e.oid), 0);
	release_index_add(out, &e);
}

static const char *const all[] = { "a",	    "a.x", "a/deep",  "a/deep/two",
				   "a/one", "b",   "b/three", "link" };

/* Of these paths, as if written so many seconds from now. */
static void index_paths(struct place *p, struct release_index *x, int later,
			const char *const *paths, size_t nr)
{
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	const char *sum;
	size_t len;

	strbuf_addstr(&raw, RELEASE_INDEX_MAGIC);
	for (size_t i = 0; i < nr; i++)
		add_line(p, &raw, paths[i]);
	strbuf_addf(&raw, "end %lld000000000 %064d\n",
		    (long long)time(NULL) + later, 0);
	release_index_release(x);
	assert_works(&err, release_index_parse(x, &raw, &len, &sum, &err));
}

static void seal(struct place *p, int later)
{
	index_paths(p, &p->index, later, all, ARRAY_SIZE(all));
}

/* Looked at, and then something else has its place. */
static void opens_nothing(struct place *p, const struct stat *st)
{
	errno = 0;
	assert_int_equal(tree_open_file(p->dir, "a/one", st), -1);
	assert_int_equal(errno, EBADMSG);
	assert_int_equal(unlinkat(p->dir, "a/one", 0), 0);
}

static void test_open_file(void **state)
{
	struct place *p = *state;
	struct stat st;
	char c = 0;

	assert_int_equal(fstatat(p->dir, "a/one", &st, 0), 0);
	AUTO_FD int fd = tree_open_file(p->dir, "a/one", &st);

	assert_int_equal(read(fd, &c, 1), 1);
	assert_int_equal(c, '1');
	assert_int_equal(renameat(p->dir, "a/one", p->dir, "a/moved"), 0);
	put(p, "a/one", "1");
	opens_nothing(p, &st);
	assert_int_equal(mkfifoat(p->dir, "a/one", 0644), 0);
	opens_nothing(p, &st);
	assert_int_equal(symlinkat("moved", p->dir, "a/one"), 0);
	opens_nothing(p, &st);
	assert_int_equal(tree_open_file(p->dir, "a/one", &st), -1);
	assert_int_equal(errno, ENOENT);
}

static int by_line(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int add_found(void *ctx, const struct edit *e, struct err *err UNUSED)
{
	struct strvec *v = ctx;

	strvec_pushf(v, "%c %s\n", e->status, e->path);
	return 0;
}

/* p->last says how; the result is in p->found. */
static void find(struct place *p)
{
	AUTO_STRVEC struct strvec v = STRVEC_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	p->last.dir_fd = p->dir;
	p->last.skip = &p->skip;
	p->last.looked = p->last.read = 0;
	assert_works(&err, edits_find(&p->last, add_found, &v, &err));
	if (v.nr)
		qsort(v.v, v.nr, sizeof(*v.v), by_line);
	strbuf_reset(&p->found);
	for (size_t i = 0; i < v.nr; i++)
		strbuf_addstr(&p->found, v.v[i]);
}

static void find_sealed(struct place *p)
{
	p->last.sealed = &p->index;
	find(p);
}

static void test_nothing_changed(void **state)
{
	struct place *p = *state;

	seal(p, 10);
	find_sealed(p);
	assert_string_equal(p->found.buf, "");
	assert_int_equal(p->last.looked, 5);
	assert_int_equal(p->last.read, 0);
}

static void test_racily_clean_is_read(void **state)
{
	struct place *p = *state;

	seal(p, -10);
	find_sealed(p);
	assert_string_equal(p->found.buf, "");
	assert_int_equal(p->last.read, 4); /* but not the link */
	p->last.proven = true;
	find_sealed(p);
	assert_string_equal(p->found.buf, "= a.x\n= a/deep/two\n= a/one\n"
					  "= b/three\n= link\n");
	p->last.proven = false;
	/* Same size, and a stat that says nothing: the content does. */
	put(p, "a/one", "7");
	seal(p, -10);
	memset((char *)p->index.entries[4].oid.b, 7, OID_RAWSZ);
	find_sealed(p);
	assert_string_equal(p->found.buf, "M a/one\n");
}

static void test_every_kind(void **state)
{
	struct place *p = *state;

	seal(p, 10);
	put(p, "a/one", "one");
	put(p, "a/new", "");
	assert_int_equal(fchmodat(p->dir, "a.x", 0755, 0), 0);
	assert_int_equal(unlinkat(p->dir, "link", 0), 0);
	assert_int_equal(symlinkat("/etc/passwd", p->dir, "link"), 0);
	assert_int_equal(unlinkat(p->dir, "a/deep/two", 0), 0);
	assert_int_equal(mkdirat(p->dir, "a/deep/two", 0755), 0);
	put(p, "a/deep/two/x", "inside what was a file");
	assert_int_equal(mkfifoat(p->dir, "fifo", 0600), 0);
	assert_int_equal(symlinkat("..", p->dir, "up"), 0);
	find_sealed(p);
	assert_string_equal(p->found.buf,
			    "A a/deep/two/x\nA a/new\nA fifo\nA up\n"
			    "M a.x\nM a/deep/two\nM a/one\nM link\n");
	/* a.x: its content was needed to say what its mode change is */
	assert_int_equal(p->last.read, 4);
}

static void test_directories(void **state)
{
	AUTO_ERR struct err err = ERR_INIT;
	struct place *p = *state;

	seal(p, 10);
	assert_works(&err, rmtree(p->dir, "a", &err));
	put(p, "a", "a file now");
	assert_works(&err, rmtree(p->dir, "b", &err));
	assert_int_equal(symlinkat("..", p->dir, "b"), 0);
	find_sealed(p);
	assert_string_equal(p->found.buf,
			    "D a/deep\nD a/deep/two\nD a/one\nD b/three\n"
			    "M a\nM b\n");
	assert_int_equal(unlinkat(p->dir, "b", 0), 0);
	find_sealed(p);
	assert_non_null(strstr(p->found.buf, "D b\nD b/three\n"));
}

static void test_skipped(void **state)
{
	struct place *p = *state;

	seal(p, 10);
	strvec_push(&p->skip, "a");
	strvec_push(&p->skip, "new");
	put(p, "a/one", "one");
	put(p, "a/other", "x");
	put(p, "new", "x");
	assert_int_equal(unlinkat(p->dir, "a/deep/two", 0), 0);
	find_sealed(p);
	assert_string_equal(p->found.buf, "");
	assert_int_equal(p->last.looked, 3);
}

static void test_kept(void **state)
{
	static const char *const paths[] = { "a/new", "a/one" };
	struct place *p = *state;

	seal(p, 10);
	put(p, "a/one", "one");
	put(p, "a/new", "");
	index_paths(p, &p->kept, 10, paths, ARRAY_SIZE(paths));
	p->last.kept = &p->kept;
	find_sealed(p);
	assert_string_equal(p->found.buf, "A a/new\nM a/one\n");
	assert_int_equal(p->last.read, 0);
	index_paths(p, &p->kept, -10, paths, ARRAY_SIZE(paths));
	find_sealed(p);
	assert_int_equal(p->last.read, 2);
}

static void test_without_index(void **state)
{
	struct place *p = *state;

	find(p);
	assert_string_equal(p->found.buf, "A a.x\nA a/deep/two\nA a/one\n"
					  "A b/three\nA link\n");
	assert_int_equal(p->last.read, 4);
	index_paths(p, &p->kept, 10, all, ARRAY_SIZE(all));
	p->last.kept = &p->kept;
	find(p);
	assert_int_equal(p->last.read, 0);
	p->last.every_byte = true;
	find(p);
	assert_int_equal(p->last.read, 4);
}

/* A bind mount has the same st_dev: nothing below it is ours, or deleted. */
static void test_mount(void **state)
{
	char from[96], to[96];
	struct place *p = *state;

	seal(p, 10);
	if (unshare(CLONE_NEWNS) < 0 ||
	    mount("", "/", "", MS_REC | MS_PRIVATE, NULL) < 0)
		skip();
	snprintf(from, sizeof(from), "%s/r/b", p->path);
	snprintf(to, sizeof(to), "%s/r/a", p->path);
	assert_int_equal(mount(from, to, "", MS_BIND, NULL), 0);
	/* Opened before, it is one of the old namespace. */
	close(p->dir);
	snprintf(from, sizeof(from), "%s/r", p->path);
	p->dir = open(from, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	find_sealed(p);
	assert_int_equal(umount2(to, MNT_DETACH), 0);
	assert_string_equal(p->found.buf, "? a\n");
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_nothing_changed), TEST(test_racily_clean_is_read),
		TEST(test_every_kind),	    TEST(test_directories),
		TEST(test_skipped),	    TEST(test_kept),
		TEST(test_without_index),   TEST(test_mount),
		TEST(test_open_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
