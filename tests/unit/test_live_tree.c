/* What is live, held open: another one that becomes so meanwhile is seen. */
#include "common/base/base.h"
#include "common/agent/live_tree.h"
#include "common/base/mem.h"
#include "common/sys/rmtree.h"
#include "tests/unit/unit.h"

struct root {
	char path[64];
	int top;
	struct agent *a;
	struct message expect;
	struct live_tree live;
};

static int open_dir(int at, const char *name)
{
	return openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int setup(void **state)
{
	struct root *r = xcalloc(1, sizeof(*r));
	AUTO_ERR struct err err = ERR_INIT;

	snprintf(r->path, sizeof(r->path), "/tmp/test-live-XXXXXX");
	assert_non_null(mkdtemp(r->path));
	r->top = open_dir(AT_FDCWD, r->path);
	r->a = xcalloc(1, sizeof(*r->a));
	assert_int_equal(mkdirat(r->top, "root", 0755), 0);
	assert_int_equal(mkdirat(r->top, "root/releases", 0755), 0);
	assert_int_equal(mkdirat(r->top, "root/releases/one", 0755), 0);
	assert_int_equal(mkdirat(r->top, "root/releases/two", 0755), 0);
	assert_int_equal(symlinkat("releases/one", r->top, "root/current"), 0);
	snprintf(r->a->root, sizeof(r->a->root), "%s/root", r->path);
	r->a->root_fd = open_dir(r->top, "root");
	r->a->releases_fd = open_dir(r->top, "root/releases");
	r->a->dot_fd = r->a->shared_fd = r->a->lock_fd = -1;
	r->live = (struct live_tree)LIVE_TREE_INIT;
	r->expect = (struct message)MESSAGE_INIT;
	assert_works(&err, message_take(&r->expect, "expect=one", 10, &err));
	*state = r;
	return 0;
}

static int teardown(void **state)
{
	struct root *r = *state;
	AUTO_ERR struct err err = ERR_INIT;

	live_tree_release(&r->live);
	message_release(&r->expect);
	close(r->a->root_fd);
	close(r->a->releases_fd);
	assert_works(&err, rmtree(r->top, "root", &err));
	assert_int_equal(rmdir(r->path), 0);
	close(r->top);
	free(r->a);
	free(r);
	return 0;
}

static void switch_to(struct root *r, const char *target)
{
	assert_int_equal(unlinkat(r->top, "root/current", 0), 0);
	assert_int_equal(symlinkat(target, r->top, "root/current"), 0);
}

static void test_unmoved(void **state)
{
	struct root *r = *state;
	AUTO_ERR struct err err = ERR_INIT;

	assert_works(&err, live_tree_open(r->a, &r->expect, &r->live, &err));
	assert_int_equal(r->live.kind, SCAN_FOREIGN);
	assert_works(&err, live_tree_confirm(r->a, &r->live, &err));
	/* The same link, made again, leads to the same. */
	switch_to(r, "releases/one");
	assert_works(&err, live_tree_confirm(r->a, &r->live, &err));
}

static void test_moved(void **state)
{
	struct root *r = *state;
	AUTO_ERR struct err err = ERR_INIT;

	assert_works(&err, live_tree_open(r->a, &r->expect, &r->live, &err));
	switch_to(r, "releases/two");
	assert_fails_with(&err, ERR_REFUSED,
			  live_tree_confirm(r->a, &r->live, &err));
	assert_string_equal(err.msg.buf, "a release was activated meanwhile");
	assert_int_not_equal(err.hint.len, 0);
}

/* Recycled, or made again by hand: the same name, another directory. */
static void test_replaced(void **state)
{
	struct root *r = *state;
	AUTO_ERR struct err err = ERR_INIT;

	assert_works(&err, live_tree_open(r->a, &r->expect, &r->live, &err));
	assert_int_equal(renameat2(r->a->releases_fd, "one", r->a->releases_fd,
				   "two", RENAME_EXCHANGE),
			 0);
	assert_fails_with(&err, ERR_REFUSED,
			  live_tree_confirm(r->a, &r->live, &err));
}

static void test_gone(void **state)
{
	struct root *r = *state;
	AUTO_ERR struct err err = ERR_INIT;

	assert_works(&err, live_tree_open(r->a, &r->expect, &r->live, &err));
	assert_int_equal(unlinkat(r->a->releases_fd, "one", AT_REMOVEDIR), 0);
	assert_fails_with(&err, ERR_REFUSED,
			  live_tree_confirm(r->a, &r->live, &err));
	live_tree_release(&r->live);
	assert_fails_with(&err, ERR_REFUSED,
			  live_tree_open(r->a, &r->expect, &r->live, &err));
}

static void test_leads_outside(void **state)
{
	struct root *r = *state;
	AUTO_ERR struct err err = ERR_INIT;

	switch_to(r, "/etc");
	assert_int_not_equal(live_tree_open(r->a, &r->expect, &r->live, &err), 0);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_unmoved),	  TEST(test_moved),
		TEST(test_replaced),	  TEST(test_gone),
		TEST(test_leads_outside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
