#include "common/base/base.h"
#include "tests/unit/repo_fixture.h"
#include "common/git/revision.h"
#include "git-serversync/capture_commit.h"
#include "git-serversync/capture_update.h"

/*
 * main has one, two and three; what is on the server is said with put() and
 * captured again and again on one branch.
 */
struct world {
	struct repo_fixture *f;
	git_repository *repo;
	struct serversync_settings settings;
	git_oid base, base_tree;
};
#define AUTO_WORLD CLEANUP(world_release)

#define BRANCH "serversync/production/20261126120000"

static void world_release(struct world *w)
{
	git_repository_free(w->repo);
}

static void set_base(struct world *w, const char *revision)
{
	AUTO_ERR struct err err = ERR_INIT;

	assert_works(&err, revision_commit(w->repo, revision, &w->base, &err));
	assert_works(&err, commit_tree(w->repo, &w->base, &w->base_tree, &err));
}

static void world_open(struct world *w)
{
	fixture_git(w->f, ".", "init", "-q", "-b", "main", "repo", NULL);
	fixture_put(w->f, "repo/one", "1\n");
	fixture_put(w->f, "repo/two", "2\n");
	fixture_put(w->f, "repo/three", "3\n");
	fixture_git(w->f, "repo", "add", "-A", NULL);
	fixture_git(w->f, "repo", "commit", "-q", "-m", "base", NULL);
	fixture_open(w->f, "repo", &w->repo);
	w->settings.target = (char *)"main";
	w->settings.remote = (char *)"origin";
	set_base(w, "main");
}

static void put(struct world *w, struct capture *c, const char *path,
		const char *content)
{
	struct capture_file *f = capture_add(c, path, path);
	git_oid id;

	assert_int_equal(git_blob_create_from_buffer(&id, w->repo, content,
						     strlen(content)),
			 0);
	f->status = 'M';
	f->mode = GIT_FILEMODE_BLOB;
	f->taken = true;
	memcpy(f->oid.b, id.id, sizeof(f->oid.b));
}

static void describe(struct capture *c)
{
	c->environment = xstrdup("production");
	c->server = xstrdup("web1.example.com");
	c->release = xstrdup("20261126110000");
	c->captured_at = xstrdup("2026-11-26T12:00:00Z");
}

static void move_branch(struct world *w, const git_oid *to)
{
	char hex[GIT_OID_HEXSZ + 1];

	fixture_git(w->f, "repo", "update-ref", "refs/heads/" BRANCH,
		    git_oid_tostr(hex, sizeof(hex), to), NULL);
}

static void capture_first(struct world *w, struct capture *c)
{
	struct capture_commit_request req = { .repo = w->repo,
					      .parents = { w->base },
					      .nr_parents = 1 };
	AUTO_STRBUF struct strbuf message = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	git_oid commit;

	describe(c);
	capture_message(c, &message);
	req.message = message.buf;
	assert_works(&err,
		     capture_tree(w->repo, &w->base_tree, c, &req.tree, &err));
	assert_works(&err, capture_commit_make(&req, &commit, &err));
	move_branch(w, &commit);
}

/* False when there is nothing new. */
static bool capture_again(struct world *w, struct capture *c)
{
	CLEANUP(capture_update_release)
	struct capture_update u = CAPTURE_UPDATE_INIT;
	const struct branch_place_request place = { .repo = w->repo,
						    .name = BRANCH,
						    .remote = "origin" };
	struct capture_update_request req = { .repo = w->repo,
					      .settings = &w->settings,
					      .base = w->base };
	AUTO_ERR struct err err = ERR_INIT;

	describe(c);
	assert_works(&err, branch_place_find(&u.place, &place, &err));
	assert_works(&err,
		     capture_tree(w->repo, &w->base_tree, c, &req.tree, &err));
	assert_works(&err, capture_update_make(&u, &req, c, &err));
	if (git_oid_is_zero(&u.to))
		return false;
	move_branch(w, &u.to);
	return true;
}

/* All files of the branch and what is in them. */
static void has(struct world *w, const char *want)
{
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;

	fixture_git_out(w->f, "repo", &out, "grep", "-h", "", BRANCH, NULL);
	assert_string_equal(out.buf, want);
}

static void goes_on(void **state)
{
	AUTO_WORLD struct world w = { .f = *state };
	AUTO_CAPTURE struct capture first = CAPTURE_INIT, same = CAPTURE_INIT;
	AUTO_CAPTURE struct capture second = CAPTURE_INIT, third = CAPTURE_INIT;

	world_open(&w);
	put(&w, &first, "new", "n\n");
	put(&w, &first, "one", "1 server\n");
	capture_first(&w, &first);
	/* "new" is rejected, and somebody mends "three". */
	fixture_git(w.f, "repo", "checkout", "-q", BRANCH, NULL);
	fixture_git(w.f, "repo", "rm", "-q", "new", NULL);
	fixture_git(w.f, "repo", "commit", "-q", "-m",
		    "Reject\n\nRejected: new", NULL);
	fixture_put(w.f, "repo/three", "3 by hand\n");
	fixture_git(w.f, "repo", "commit", "-q", "-a", "-m", "mended", NULL);
	put(&w, &same, "new", "n\n");
	put(&w, &same, "one", "1 server\n");
	assert_false(capture_again(&w, &same));
	has(&w, "1 server\n3 by hand\n2\n");
	put(&w, &second, "new", "n\n");
	put(&w, &second, "one", "1 server\n");
	put(&w, &second, "two", "2 server\n");
	assert_true(capture_again(&w, &second));
	has(&w, "1 server\n3 by hand\n2 server\n");
	/* One is put back on the server; the newest capture counts. */
	put(&w, &third, "new", "n\n");
	put(&w, &third, "two", "2 server\n");
	assert_true(capture_again(&w, &third));
	has(&w, "1\n3 by hand\n2 server\n");
	fixture_git(w.f, "repo", "fsck", "--strict", NULL);
}

static void follows_a_release(void **state)
{
	AUTO_WORLD struct world w = { .f = *state };
	AUTO_CAPTURE struct capture first = CAPTURE_INIT, second = CAPTURE_INIT;

	world_open(&w);
	put(&w, &first, "one", "1 server\n");
	capture_first(&w, &first);
	fixture_git(w.f, "repo", "checkout", "-q", "main", NULL);
	fixture_put(w.f, "repo/two", "2 released\n");
	fixture_git(w.f, "repo", "commit", "-q", "-a", "-m", "release", NULL);
	set_base(&w, "main");
	put(&w, &second, "one", "1 server\n");
	put(&w, &second, "three", "3 server\n");
	assert_true(capture_again(&w, &second));
	has(&w, "1 server\n3 server\n2 released\n");
	/* And it can be merged as it is. */
	fixture_git(w.f, "repo", "merge", "-q", BRANCH, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_fixture(goes_on),
		with_fixture(follows_a_release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
