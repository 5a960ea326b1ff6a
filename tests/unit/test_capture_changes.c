#include "common/base/base.h"
#include "tests/unit/repo_fixture.h"
#include "git-serversync/capture_changes.h"
#include "git-serversync/gits_path.h"
#include "common/git/revision.h"

/* One line for each path the server reports; content NULL: gone. */
struct seen {
	const char *path, *content;
	uint32_t mode;
};

static void report_fill(struct scan_report *r, enum scan_kind kind,
			const struct seen *v, size_t nr)
{
	r->kind = kind;
	r->looked = 100;
	r->entries.entries = xcalloc(nr + 1, sizeof(*r->entries.entries));
	r->entries.nr = nr;
	for (size_t i = 0; i < nr; i++) {
		struct index_entry *e = &r->entries.entries[i];
		git_oid id;

		*e = (struct index_entry){
			.path = v[i].path,
			.path_len = (uint32_t)strlen(v[i].path),
			.mode = v[i].mode,
			.size = v[i].content ? strlen(v[i].content) : 0,
		};
		if (!v[i].content || S_ISFIFO(v[i].mode))
			continue;
		assert_int_equal(git_odb_hash(&id, v[i].content, e->size,
					      GIT_OBJECT_BLOB),
				 0);
		memcpy(e->oid.b, id.id, sizeof(e->oid.b));
	}
}

/* What was found, a line for each; "!" in front of what is ignored. */
static void told(const struct capture *c, struct strbuf *out)
{
	for (size_t i = 0; i < c->nr; i++)
		strbuf_addf(out, "%c %s%s\n", c->v[i].status, c->v[i].git_path,
			    c->v[i].in_commit && c->v[i].status == 'A' ? "?"
								       : "");
	for (size_t i = 0; i < c->nr_ignored; i++)
		strbuf_addf(out, "! %s %zu\n", c->ignored[i].path,
			    c->ignored[i].files);
}

struct world {
	struct repo_fixture *f;
	git_repository *repo;
	struct capture_sources from;
	struct capture_scope scope;
};
#define AUTO_WORLD CLEANUP(world_release)

static void world_release(struct world *w)
{
	capture_scope_release(&w->scope);
	git_repository_free(w->repo);
}

/* The tree of HEAD is what is live, that of "built" what was shipped. */
static void world_open(struct world *w, void **state)
{
	AUTO_ERR struct err err = ERR_INIT;
	git_oid commit;

	fixture_open(w->f, "repo", &w->repo);
	assert_works(&err, revision_commit(w->repo, "HEAD", &commit, &err));
	assert_works(&err,
		     commit_tree(w->repo, &commit, &w->from.base_tree, &err));
	w->from.repo = w->repo;
	w->from.base = commit;
	w->from.scope = &w->scope;
	if (!revision_commit(w->repo, "built", &commit, &err)) {
		w->from.has_package = true;
		assert_works(&err, commit_tree(w->repo, &commit,
					       &w->from.package_tree, &err));
	}
	(void)state;
}

static void commit_all(struct repo_fixture *f, const char *message)
{
	fixture_git(f, "repo", "add", "-A", "-f", NULL);
	fixture_git(f, "repo", "commit", "-q", "-m", message, NULL);
}

/* index.php, src/a.php, src/b.php, run.sh and docs/old.md, left out. */
static void make_repo(struct repo_fixture *f)
{
	fixture_repo(f);
	fixture_put(f, "repo/src/a.php", "a\n");
	fixture_put(f, "repo/src/b.php", "b\n");
	fixture_put_bytes(f, "repo/run.sh", "#!/bin/sh\n", 10, 0755);
	fixture_put(f, "repo/tests/t.php", "t\n");
	fixture_put(f, "repo/.gitignore", "/vendor/\n*.log\n");
	fixture_put(f, "repo/src/.gitignore", "!keep.log\ncache\n");
	fixture_put(f, "repo/.gitattributes",
		    "/tests export-ignore\n.git* export-ignore\n");
	commit_all(f, "two");
}

static void make_package(struct repo_fixture *f)
{
	fixture_git(f, "repo", "checkout", "-q", "-b", "built", NULL);
	fixture_git(f, "repo", "rm", "-q", "-r", "tests", ".gitignore",
		    "src/.gitignore", ".gitattributes", NULL);
	fixture_put(f, "repo/vendor/lib.php", "lib\n");
	fixture_put(f, "repo/public/app.js", "built\n");
	commit_all(f, "built");
	fixture_git(f, "repo", "checkout", "-q", "main", NULL);
}

static void finds(struct world *w, enum scan_kind kind, const struct seen *v,
		  size_t nr, const char *want)
{
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	AUTO_CAPTURE struct capture c = CAPTURE_INIT;
	CLEANUP(scan_report_release)
	struct scan_report r = SCAN_REPORT_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	report_fill(&r, kind, v, nr);
	assert_works(&err, capture_changes_find(&w->from, &r, &c, &err));
	told(&c, &out);
	assert_string_equal(out.buf, want);
}
#define FINDS(w, kind, want, ...)                                              \
	do {                                                                   \
		const struct seen v_[] = { __VA_ARGS__ };                      \
		finds((w), (kind), v_, ARRAY_SIZE(v_), (want));                \
	} while (0)

#define FILE_MODE S_IFREG | 0644
#define FILE(p, c)                                                             \
	{                                                                      \
		p, c, FILE_MODE                                                \
	}
#define GONE(p)                                                                \
	{                                                                      \
		p, NULL, 0                                                     \
	}

static void sealed(void **state)
{
	AUTO_WORLD struct world w = { .f = *state };

	make_repo(w.f);
	make_package(w.f);
	world_open(&w, state);
	FINDS(&w, SCAN_SEALED,
	      "M index.php\nA new.php\nM run.sh\nD src/a.php\n"
	      "A vendor/lib.php\n! debug.log 1\n! src/cache/ 2\n! vendor/ 1\n",
	      GONE("bootstrap/made-by-a-hook.php"), FILE("debug.log", "x"),
	      FILE("index.php", "<?php evil();\n"), FILE("new.php", "new\n"),
	      GONE("public/app.js"), FILE("run.sh", "#!/bin/sh\n"),
	      GONE("src/a.php"), FILE("src/b.php", "b\n"),
	      FILE("src/cache/1", "1"), FILE("src/cache/x/2", "2"),
	      FILE("vendor/lib.php", "patched\n"),
	      FILE("vendor/other.php", "new\n"));
	/* Put back to what it was, in git or in the package. */
	FINDS(&w, SCAN_SEALED, "", FILE("public/app.js", "built\n"),
	      FILE("src/b.php", "b\n"));
	/* Kept although a pattern above ignores it. */
	FINDS(&w, SCAN_SEALED, "A src/keep.log\n", FILE("src/keep.log", "1"));
}

static void without_package(void **state)
{
	AUTO_WORLD struct world w = { .f = *state };

	make_repo(w.f);
	world_open(&w, state);
	FINDS(&w, SCAN_SEALED, "M index.php\nD src/a.php\n! vendor/ 1\n",
	      FILE("index.php", "x\n"), GONE("public/app.js"), GONE("src/a.php"),
	      GONE("tests/t.php"), FILE("vendor/lib.php", "patched\n"));
}

static void foreign(void **state)
{
	AUTO_WORLD struct world w = { .f = *state };

	make_repo(w.f);
	world_open(&w, state);
	/* Everything that is there; REVISION and the like are the tool's. */
	FINDS(&w, SCAN_FOREIGN,
	      "M index.php\nA pipe\nD run.sh\nA src/new.php\n! vendor/ 2\n",
	      FILE(".dep/log", "x"), FILE("REVISION", "x"),
	      FILE("index.php", "x\n"), { "pipe", "", S_IFIFO | 0644 },
	      FILE("release.json", "{}"),
	      FILE("src/.gitignore", "!keep.log\ncache\n"),
	      FILE("src/a.php", "a\n"), FILE("src/b.php", "b\n"),
	      FILE("src/new.php", "n\n"), FILE("vendor/a/b.php", "1"),
	      FILE("vendor/c.php", "2"));
}

static void mode_and_link(void **state)
{
	AUTO_WORLD struct world w = { .f = *state };

	make_repo(w.f);
	world_open(&w, state);
	/* 0664 and 0755 are not what git sees; a link is no file. */
	FINDS(&w, SCAN_SEALED, "M run.sh\nM src/b.php\n",
	      { "index.php", "<?php echo 1;\n", S_IFREG | 0664 },
	      { "run.sh", "#!/bin/sh\n", S_IFREG | 0644 },
	      { "src/a.php", "a\n", S_IFREG | 0604 },
	      { "src/b.php", "b\n", S_IFLNK | 0777 });
}

static void left_out(void **state)
{
	AUTO_WORLD struct world w = { .f = *state };

	make_repo(w.f);
	world_open(&w, state);
	strvec_push(&w.scope.apart, "storage");
	strvec_push(&w.scope.git_only, "tests");
	strvec_push(&w.scope.git_only, "*.md");
	strvec_push(&w.scope.cleared, "src/b.php");
	ignore_rules_add(&w.scope.exclude, "", "run.sh", 6);
	FINDS(&w, SCAN_FOREIGN, "D index.php\nA storage-2/x\n",
	      FILE("a.md", "x"), FILE("run.sh", "other\n"),
	      FILE("src/.gitignore", "!keep.log\ncache\n"),
	      FILE("src/a.php", "a\n"), FILE("storage-2/x", "x"),
	      FILE("storage/x", "x"));
}

/* Below a link into shared/ nothing was looked for. */
static void shared_link(void **state)
{
	AUTO_WORLD struct world w = { .f = *state };

	make_repo(w.f);
	world_open(&w, state);
	FINDS(&w, SCAN_FOREIGN, "D run.sh\n",
	      FILE("index.php", "<?php echo 1;\n"),
	      { "src", "/srv/shared/src", S_IFLNK | 0777 | SCAN_SHARED_LINK });
}

static void unknown(void **state)
{
	AUTO_WORLD struct world w = { .f = *state };
	const struct seen v[] = { FILE("index.php", "<?php echo 1;\n") };
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	AUTO_CAPTURE struct capture c = CAPTURE_INIT;
	CLEANUP(scan_report_release)
	struct scan_report r = SCAN_REPORT_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	make_repo(w.f);
	world_open(&w, state);
	report_fill(&r, SCAN_FOREIGN, v, ARRAY_SIZE(v));
	strvec_push(&r.unknown, "src");
	assert_works(&err, capture_changes_find(&w.from, &r, &c, &err));
	told(&c, &out);
	assert_string_equal(out.buf, "D run.sh\n");
	assert_int_equal(c.unknown.nr, 1);
}

static void stops_at(struct world *w, enum scan_kind kind, const struct seen *v,
		     size_t nr)
{
	AUTO_CAPTURE struct capture c = CAPTURE_INIT;
	CLEANUP(scan_report_release)
	struct scan_report r = SCAN_REPORT_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	report_fill(&r, kind, v, nr);
	assert_fails_with(&err, ERR_REFUSED,
			  capture_changes_find(&w->from, &r, &c, &err));
	assert_non_null(strstr(err.msg.buf, "STOP"));
}

static void nothing_is_there(void **state)
{
	AUTO_WORLD struct world w = { .f = *state };
	const struct seen stranger[] = { FILE("maintenance.html", "x") };
	const struct seen all[] = { GONE("index.php"), GONE("public/app.js"),
				    GONE("run.sh"),    GONE("src/a.php"),
				    GONE("src/b.php"), GONE("vendor/lib.php") };

	make_repo(w.f);
	make_package(w.f);
	world_open(&w, state);
	stops_at(&w, SCAN_FOREIGN, stranger, 1);
	stops_at(&w, SCAN_FOREIGN, stranger, 0);
	stops_at(&w, SCAN_SEALED, all, ARRAY_SIZE(all));
	FINDS(&w, SCAN_SEALED, "D index.php\n", GONE("index.php"));
}

static void subdirectory(void **state)
{
	AUTO_WORLD struct world w = { .f = *state };

	make_repo(w.f);
	world_open(&w, state);
	w.from.subdirectory = "src";
	strvec_push(&w.scope.git_only, "src/only.php");
	strvec_push(&w.scope.cleared, "cleared.php");
	FINDS(&w, SCAN_FOREIGN, "M src/a.php\nD src/b.php\n! src/cache 1\n",
	      FILE(".gitignore", "!keep.log\ncache\n"), FILE("a.php", "x\n"),
	      FILE("cache", "x"), FILE("cleared.php", "x"),
	      FILE("only.php", "x"));
}

static void gits(void **state UNUSED)
{
	static const char *const yes[] = { ".git",
					   ".GIT/hooks/x",
					   "a/.gitmodules",
					   "a/.GitHub/x",
					   ".gitrelease",
					   "git~1",
					   "x/GIT~1/y",
					   "GI7EBA~1",
					   "gitmod~1",
					   ".g\xe2\x80\x8cit",
					   "\xef\xbb\xbf.git" };
	static const char *const no[] = { "git",    "a.git", "gi", "gitter~",
					  "gi~x",   "x/y",   "",   "a/.hg",
					  "agit~1", ".gi" };

	for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
		if (!path_is_gits(yes[i]))
			fail_msg("'%s' is git's", yes[i]);
	for (size_t i = 0; i < ARRAY_SIZE(no); i++)
		if (path_is_gits(no[i]))
			fail_msg("'%s' is not git's", no[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_fixture(sealed),	    with_fixture(without_package),
		with_fixture(foreign),	    with_fixture(mode_and_link),
		with_fixture(left_out),	    with_fixture(shared_link),
		with_fixture(unknown),	    with_fixture(nothing_is_there),
		with_fixture(subdirectory), cmocka_unit_test(gits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
