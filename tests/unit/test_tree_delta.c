#include "common/base/base.h"
#include "tests/unit/repo_fixture.h"
#include "common/git/tree_delta.h"

/* Small numbers that look random, the same on every machine. */
static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* Sorted as git sorts files; what is in between matters for directories. */
static const char *const names[] = { "\t",  "\n\"", " ",  "-rf",      "a",
				     "a-b", "a.b",  "a0", "ab",	      "b",
				     "b.c", "c",    "\\", "\xc3\xa4", "\xff" };

static void tree_add(struct strbuf *tree, uint32_t mode, const char *name,
		     const git_oid *id)
{
	strbuf_addf(tree, "%o %s", mode, name);
	strbuf_addch(tree, '\0');
	strbuf_add(tree, id->id, sizeof(id->id));
}

static void tree_write(git_repository *repo, const struct strbuf *tree,
		       git_oid *id)
{
	AUTO_ODB git_odb *odb = NULL;

	assert_int_equal(git_repository_odb(&odb, repo), 0);
	assert_int_equal(
		git_odb_write(id, odb, tree->buf, tree->len, GIT_OBJECT_TREE), 0);
}

struct made {
	char name[8];
	uint32_t mode;
	git_oid id;
};

static int by_name(const void *x, const void *y)
{
	const struct made *a = x, *b = y;
	char m[9], n[9];

	snprintf(m, sizeof(m), "%s%s", a->name, S_ISDIR(a->mode) ? "/" : "");
	snprintf(n, sizeof(n), "%s%s", b->name, S_ISDIR(b->mode) ? "/" : "");
	return strcmp(m, n);
}

/* 100664 is what old tools wrote: git reads it as 100644. */
static const uint32_t modes[] = { 0100644, 0100644, 0100755, 0120000,
				  0160000, 0100664, 0100644, 0100644 };

static void random_tree(git_repository *repo, uint32_t *seed, int depth,
			git_oid *id)
{
	AUTO_STRBUF struct strbuf tree = STRBUF_INIT;
	struct made all[ARRAY_SIZE(names)];
	size_t nr = 0;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct made *one = &all[nr];
		uint32_t dice = next_random(seed) % 8;

		if (dice < 3)
			continue;
		nr++;
		snprintf(one->name, sizeof(one->name), "%s", names[i]);
		if (dice == 7 && depth) {
			one->mode = 040000;
			random_tree(repo, seed, depth - 1, &one->id);
			continue;
		}
		one->mode = modes[next_random(seed) % ARRAY_SIZE(modes)];
		/* Blobs are never looked at: an id is enough. */
		memset(one->id.id, (int)(next_random(seed) % 3) + 1,
		       sizeof(one->id.id));
	}
	qsort(all, nr, sizeof(*all), by_name);
	for (size_t i = 0; i < nr; i++)
		tree_add(&tree, all[i].mode, all[i].name, &all[i].id);
	tree_write(repo, &tree, id);
}

/* The raw format of git-diff-tree(1), with -z. */
static void print_raw(const struct tree_delta *d, struct strbuf *out)
{
	for (size_t i = 0; i < d->nr; i++) {
		const struct tree_change *c = &d->v[i];
		char old[GIT_OID_HEXSZ + 1], new[GIT_OID_HEXSZ + 1];

		git_oid_tostr(old, sizeof(old), &c->old_id);
		git_oid_tostr(new, sizeof(new), &c->new_id);
		strbuf_addf(out, ":%06o %06o %s %s %c", c->old_mode,
			    c->new_mode, old, new, c->status);
		strbuf_addch(out, '\0');
		strbuf_add(out, c->path, c->path_len + 1);
	}
}

static void compare(struct repo_fixture *f, git_repository *repo,
		    const git_oid *old, const git_oid *new)
{
	AUTO_STRBUF struct strbuf ours = STRBUF_INIT, gits = STRBUF_INIT;
	AUTO_TREE_DELTA struct tree_delta d = TREE_DELTA_INIT;
	char a[GIT_OID_HEXSZ + 1], b[GIT_OID_HEXSZ + 1];
	AUTO_ERR struct err err = ERR_INIT;

	git_oid_tostr(a, sizeof(a), old);
	git_oid_tostr(b, sizeof(b), new);
	assert_works(&err, tree_delta_find(repo, old, new, &d, &err));
	print_raw(&d, &ours);
	fixture_git_out(f, "repo", &gits, "diff-tree", "-r", "-z",
			"--no-renames", a, b, NULL);
	assert_int_equal(ours.len, gits.len);
	assert_memory_equal(ours.buf, gits.buf, gits.len);
	for (size_t i = 0; i < d.nr; i++)
		assert_ptr_equal(tree_delta_get(&d, d.v[i].path), &d.v[i]);
	assert_null(tree_delta_get(&d, "no such path"));
}

static void says_what_git_says(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_REPO git_repository *repo = NULL;
	uint32_t seed = 4711;

	fixture_repo(f);
	fixture_open(f, "repo", &repo);
	for (int i = 0; i < 150; i++) {
		uint32_t again = seed;
		git_oid old, new, same;

		random_tree(repo, &seed, 3, &old);
		random_tree(repo, &again, 3, &same);
		random_tree(repo, &seed, 3, &new);
		assert_true(git_oid_equal(&old, &same));
		compare(f, repo, &old, &new);
		compare(f, repo, &old, &same);
	}
}

static void takes_an_empty_side(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_TREE_DELTA struct tree_delta all = TREE_DELTA_INIT;
	AUTO_TREE_DELTA struct tree_delta none = TREE_DELTA_INIT;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;
	uint32_t seed = 1;
	git_oid tree;

	fixture_repo(f);
	fixture_open(f, "repo", &repo);
	random_tree(repo, &seed, 2, &tree);
	assert_works(&err, tree_delta_find(repo, NULL, &tree, &all, &err));
	assert_int_not_equal(all.nr, 0);
	for (size_t i = 0; i < all.nr; i++)
		assert_int_equal(all.v[i].status, 'A');
	assert_works(&err, tree_delta_find(repo, NULL, NULL, &none, &err));
	assert_int_equal(none.nr, 0);
}

static void tells_what_is_broken(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_TREE_DELTA struct tree_delta d = TREE_DELTA_INIT;
	AUTO_STRBUF struct strbuf bytes = STRBUF_INIT;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;
	git_oid tree, cut, missing;
	uint32_t seed = 1;

	fixture_repo(f);
	fixture_open(f, "repo", &repo);
	random_tree(repo, &seed, 1, &tree);
	memset(&missing, 0x5a, sizeof(missing));
	assert_fails_with(&err, ERR_NOTFOUND,
			  tree_delta_find(repo, &tree, &missing, &d, &err));
	tree_add(&bytes, 0100644, "a", &missing);
	strbuf_setlen(&bytes, bytes.len - 1);
	tree_write(repo, &bytes, &cut);
	assert_fails_with(&err, ERR_FAILED,
			  tree_delta_find(repo, &tree, &cut, &d, &err));
	assert_int_equal(d.nr, 0);
}

/* A handful of objects that stand for 2^40 files. */
static void ends_where_trees_do_not(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_TREE_DELTA struct tree_delta d = TREE_DELTA_INIT;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;
	git_oid id;

	fixture_repo(f);
	fixture_open(f, "repo", &repo);
	memset(&id, 1, sizeof(id));
	for (int i = 0; i < 40; i++) {
		AUTO_STRBUF struct strbuf tree = STRBUF_INIT;
		uint32_t mode = i ? 040000 : 0100644;

		tree_add(&tree, mode, "a", &id);
		tree_add(&tree, mode, "b", &id);
		tree_write(repo, &tree, &id);
	}
	assert_fails_with(&err, ERR_FAILED,
			  tree_delta_find(repo, NULL, &id, &d, &err));
	assert_non_null(strstr(err.msg.buf, "too many"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_fixture(says_what_git_says),
		with_fixture(takes_an_empty_side),
		with_fixture(tells_what_is_broken),
		with_fixture(ends_where_trees_do_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
