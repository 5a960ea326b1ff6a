#include "common/base/base.h"
#include "tests/unit/repo_fixture.h"
#include "common/git/revision.h"
#include "git-serversync/capture_branches.h"
#include "git-serversync/capture_commit.h"
#include "git-serversync/capture_deletions.h"
#include "git-serversync/capture_room.h"

struct world {
	git_repository *repo;
	git_oid commit, tree;
	struct capture c;
};
#define AUTO_WORLD CLEANUP(world_release)

static void world_release(struct world *w)
{
	capture_release(&w->c);
	git_repository_free(w->repo);
}

static void world_open(struct world *w, struct repo_fixture *f)
{
	AUTO_ERR struct err err = ERR_INIT;

	fixture_repo(f);
	fixture_put(f, "repo/a/b/c.txt", "c\n");
	fixture_put(f, "repo/a/d.txt", "d\n");
	fixture_put(f, "repo/a=b.txt", "equals\n");
	fixture_put(f, "repo/file", "a file\n");
	fixture_git(f, "repo", "add", "-A", NULL);
	fixture_git(f, "repo", "commit", "-q", "-m", "two", NULL);
	fixture_open(f, "repo", &w->repo);
	assert_works(&err, revision_commit(w->repo, "HEAD", &w->commit, &err));
	assert_works(&err, commit_tree(w->repo, &w->commit, &w->tree, &err));
	w->c.base = w->commit;
	w->c.environment = xstrdup("production");
	w->c.server = xstrdup("web1.example.com");
	w->c.release = xstrdup("20261126110000");
	w->c.version = xstrdup("v1.2.0");
	w->c.captured_at = xstrdup("2026-11-26T12:00:00Z");
}

/* Paths must come sorted. */
static struct capture_file *put(struct world *w, char status, const char *path,
				const char *content)
{
	struct capture_file *f = capture_add(&w->c, path, path);
	git_oid id;

	f->status = status;
	f->taken = status != 'D';
	f->in_commit = status != 'A';
	f->mode = status == 'D' ? 0 : GIT_FILEMODE_BLOB;
	if (!content)
		return f;
	assert_int_equal(git_blob_create_from_buffer(&id, w->repo, content,
						     strlen(content)),
			 0);
	memcpy(f->oid.b, id.id, sizeof(f->oid.b));
	return f;
}

static void give(struct world *w, const char *text)
{
	AUTO_STRVEC struct strvec texts = STRVEC_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	strvec_push(&texts, text);
	assert_works(&err, capture_deletions_check(&texts, &err));
	assert_works(&err, capture_deletions_apply(&texts, &w->c, &err));
}

static void refuses(struct world *w, const char *text, const char *why)
{
	AUTO_STRVEC struct strvec texts = STRVEC_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	int ret;

	strvec_push(&texts, text);
	ret = capture_deletions_check(&texts, &err);
	if (!ret)
		ret = capture_deletions_apply(&texts, &w->c, &err);
	assert_true(ret == ERR_USAGE || ret == ERR_REFUSED);
	if (!strstr(err.msg.buf, why))
		fail_msg("%s: %s", text, err.msg.buf);
}

/* What "git ls-tree" lists of the tree that comes out. */
static void becomes(struct world *w, struct repo_fixture *f, const char *want)
{
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	char hex[GIT_OID_HEXSZ + 1];
	git_oid tree;

	assert_works(&err, capture_tree(w->repo, &w->tree, &w->c, &tree, &err));
	git_oid_tostr(hex, sizeof(hex), &tree);
	fixture_git_out(f, "repo", &out, "ls-tree", "-r", "--name-only", hex,
			NULL);
	assert_string_equal(out.buf, want);
	fixture_git(f, "repo", "fsck", "--strict", hex, NULL);
}

static void adds_and_modifies(void **state)
{
	AUTO_WORLD struct world w = { 0 };
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	char hex[GIT_OID_HEXSZ + 1];
	git_oid tree;

	world_open(&w, *state);
	put(&w, 'A', "a/new.sh", "new\n")->mode = GIT_FILEMODE_BLOB_EXECUTABLE;
	put(&w, 'M', "index.php", "changed\n");
	put(&w, 'A', "link", "index.php")->mode = GIT_FILEMODE_LINK;
	put(&w, 'A', "secret", NULL)->taken = false;
	put(&w, 'A', "z/y/x\n\xff", "odd\n");
	becomes(&w, *state,
		"a/b/c.txt\na/d.txt\na/new.sh\na=b.txt\nfile\nindex.php\n"
		"link\n\"z/y/x\\n\\377\"\n");
	assert_works(&err, capture_tree(w.repo, &w.tree, &w.c, &tree, &err));
	git_oid_tostr(hex, sizeof(hex), &tree);
	fixture_git_out(*state, "repo", &out, "ls-tree", hex, "a/new.sh",
			"link", NULL);
	assert_non_null(strstr(out.buf, "100755 blob"));
	assert_non_null(strstr(out.buf, "120000 blob"));
	assert_int_equal(capture_taken(&w.c), 4);
}

static void deletes_with_a_reason_only(void **state)
{
	AUTO_WORLD struct world w = { 0 };

	world_open(&w, *state);
	put(&w, 'D', "a/b/c.txt", NULL);
	put(&w, 'D', "a=b.txt", NULL);
	put(&w, 'M', "file", "other\n");
	becomes(&w, *state, "a/b/c.txt\na/d.txt\na=b.txt\nfile\nindex.php\n");
	give(&w, "a/b/c.txt= no longer = used ");
	assert_string_equal(w.c.v[0].delete_reason, "no longer = used");
	give(&w, "./a=b.txt=because");
	assert_string_equal(w.c.v[1].delete_reason, "because");
	/* The directory goes with the last file in it. */
	becomes(&w, *state, "a/d.txt\nfile\nindex.php\n");
	give(&w, "\"a=b.txt\"=quoted");
	assert_string_equal(w.c.v[1].delete_reason, "quoted");
	refuses(&w, "file=old", "not gone");
	refuses(&w, "nothing=old", "not gone");
	refuses(&w, "a/b/c.txt=", "empty");
	refuses(&w, "a/b/c.txt= \t", "empty");
	refuses(&w, "a/b/c.txt", "needs a reason");
	refuses(&w, "a/b/c.txt=two\nlines", "one line");
	refuses(&w, "/etc/passwd=x", "no path");
	refuses(&w, "../x=x", "no path");
}

static void counts_deletions(void **state)
{
	AUTO_WORLD struct world w = { 0 };
	AUTO_ERR struct err err = ERR_INIT;

	world_open(&w, *state);
	put(&w, 'D', "a/d.txt", NULL);
	put(&w, 'D', "file", NULL)->taken = true;
	put(&w, 'A', "x", "x");
	assert_int_equal(capture_deletions(&w.c), 2);
	assert_works(&err, capture_deletions_limit(&w.c, 2, &err));
	assert_fails_with(&err, ERR_REFUSED,
			  capture_deletions_limit(&w.c, 1, &err));
}

static const char *room(struct world *w, size_t i)
{
	AUTO_TREE git_tree *base = NULL;
	AUTO_ERR struct err err = ERR_INIT;
	const char *why = NULL;

	assert_int_equal(git_tree_lookup(&base, w->repo, &w->tree), 0);
	assert_works(&err, capture_room(&w->c, base, &w->c.v[i], &why, &err));
	return why;
}

/* A directory and a file take each other's place. */
static void makes_room(void **state)
{
	AUTO_WORLD struct world w = { 0 };

	world_open(&w, *state);
	put(&w, 'A', "a", "now a file\n");
	put(&w, 'D', "a/b/c.txt", NULL);
	put(&w, 'D', "a/d.txt", NULL);
	put(&w, 'A', "dir/x", "x\n");
	put(&w, 'D', "file", NULL);
	put(&w, 'A', "file/x", "x\n");
	assert_non_null(room(&w, 0));
	assert_null(room(&w, 3));
	assert_non_null(room(&w, 5));
	give(&w, "a/b/c.txt=gone");
	assert_non_null(room(&w, 0));
	give(&w, "a/d.txt=gone");
	assert_null(room(&w, 0));
	give(&w, "file=gone");
	assert_null(room(&w, 5));
	becomes(&w, *state, "a\na=b.txt\ndir/x\nfile/x\nindex.php\n");
}

static void no_room_in_a_submodule(void **state)
{
	AUTO_WORLD struct world w = { 0 };
	struct repo_fixture *f = *state;
	AUTO_ERR struct err err = ERR_INIT;

	world_open(&w, f);
	fixture_git(f, "repo", "update-index", "--add", "--cacheinfo",
		    "160000,1234567890123456789012345678901234567890,mod", NULL);
	fixture_git(f, "repo", "commit", "-q", "-m", "mod", NULL);
	assert_works(&err, revision_commit(w.repo, "HEAD", &w.commit, &err));
	assert_works(&err, commit_tree(w.repo, &w.commit, &w.tree, &err));
	put(&w, 'A', "mod/x", "x\n");
	assert_string_equal(room(&w, 0), "it is in a submodule");
}

static void says_what_it_is(void **state)
{
	AUTO_WORLD struct world w = { 0 };
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	struct capture_commit_request req = { .nr_parents = 1 };
	AUTO_STRBUF struct strbuf message = STRBUF_INIT;
	char hex[GIT_OID_HEXSZ + 1];
	git_oid commit;

	world_open(&w, *state);
	put(&w, 'D', "a/d.txt", NULL);
	put(&w, 'M', "index.php", "changed\n");
	give(&w, "a/d.txt=not used");
	req.repo = w.repo;
	req.parents[0] = w.commit;
	assert_works(&err, capture_tree(w.repo, &w.tree, &w.c, &req.tree, &err));
	capture_message(&w.c, &message);
	req.message = message.buf;
	assert_works(&err, capture_commit_make(&req, &commit, &err));
	git_oid_tostr(hex, sizeof(hex), &commit);
	fixture_git_out(*state, "repo", &out, "log", "-1",
			"--format=%an|%cn|%s|%(trailers:only)", hex, NULL);
	assert_string_equal(
		out.buf, "Ann Author|Tom Tagger|Capture server edits of "
			 "production|Server: web1.example.com\n"
			 "Release: 20261126110000 (v1.2.0)\n"
			 "Captured-At: 2026-11-26T12:00:00Z\n"
			 "Deletion-Reason: a/d.txt \xe2\x80\x94 not used\n\n");
	strbuf_reset(&out);
	fixture_git_out(*state, "repo", &out, "diff", "--name-status", "HEAD",
			hex, NULL);
	assert_string_equal(out.buf, "D\ta/d.txt\nM\tindex.php\n");
}

static void names_and_finds_branches(void **state)
{
	AUTO_WORLD struct world w = { 0 };
	AUTO_CAPTURE_BRANCHES struct capture_branches b = CAPTURE_BRANCHES_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	struct capture_equal e = { .remote = "origin" };
	const struct capture_ref *found;
	AUTO_FREE char *name = NULL;
	AUTO_FREE char *other = NULL;
	git_oid commit;

	world_open(&w, *state);
	fixture_git(*state, "repo", "branch",
		    "serversync/production/20261126110000", NULL);
	fixture_git(*state, "repo", "branch",
		    "serversync/production/20261126120000", "HEAD~1", NULL);
	fixture_git(*state, "repo", "branch",
		    "serversync/staging/20271126120000", NULL);
	assert_works(&err, capture_branches_list(w.repo, "production", NULL, &b,
						 &err));
	assert_int_equal(b.nr, 2);
	name = capture_branch_name(&b, "production", "20261126120000");
	assert_string_equal(name, "serversync/production/20261126120000-2");
	other = capture_branch_name(&b, "production", "20261126120001");
	assert_string_equal(other, "serversync/production/20261126120001");
	/* The newest has another tree; then it has this one, on that commit. */
	e.repo = w.repo;
	e.tree = w.tree;
	e.base = b.v[1].here;
	assert_works(&err, capture_branches_equal(&b, &e, &found, &commit, &err));
	assert_null(found);
	b.v[1].here = w.commit;
	assert_works(&err, capture_branches_equal(&b, &e, &found, &commit, &err));
	assert_ptr_equal(found, &b.v[1]);
	assert_true(git_oid_equal(&commit, &w.commit));
	e.base = w.commit;
	assert_works(&err, capture_branches_equal(&b, &e, &found, &commit, &err));
	assert_null(found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_fixture(adds_and_modifies),
		with_fixture(deletes_with_a_reason_only),
		with_fixture(counts_deletions),
		with_fixture(makes_room),
		with_fixture(no_room_in_a_submodule),
		with_fixture(says_what_it_is),
		with_fixture(names_and_finds_branches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
