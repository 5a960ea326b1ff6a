#include "common/base/base.h"
#include "tests/unit/repo_fixture.h"
#include "common/model/manifest_cache.h"
#include "common/model/package_manifest.h"

static void head_id(git_repository *repo, git_oid *id)
{
	AUTO_ERR struct err err = ERR_INIT;

	assert_works(&err, repo_ref_id(repo, "refs/heads/main", id, &err));
}

static void ls_tree(struct repo_fixture *f, struct strbuf *out)
{
	fixture_git_out(f, "repo", out, "ls-tree", "-r", "-z", "--full-tree",
			"-l", "main", NULL);
}

static void assert_same(const struct strbuf *a, const struct strbuf *b)
{
	assert_int_equal(a->len, b->len);
	assert_memory_equal(a->buf, b->buf, a->len);
}

static void put_odd_names(struct repo_fixture *f)
{
	char longest[260] = "repo/";

	memset(longest + 5, 'n', 255);
	longest[sizeof(longest) - 1] = 'n';
	fixture_put_bytes(f, "repo/exe", "#!/bin/sh\n", 10, 0755);
	fixture_put(f, "repo/new\nline", "1");
	fixture_put(f, "repo/esc\033[2J", "22");
	fixture_put(f, "repo/-rf", "333");
	fixture_put(f, "repo/\"quo'te\\", "4444");
	fixture_put(f, "repo/not\377utf8", "55555");
	fixture_put(f, "repo/a/b/c", "a");
	fixture_put(f, "repo/a.b", "b");
	fixture_put(f, "repo/a-b", "");
	assert_int_equal(symlinkat("a/b/c", f->fd, "repo/link"), 0);
	{
		AUTO_STRBUF struct strbuf name = STRBUF_INIT;

		strbuf_add(&name, longest, sizeof(longest));
		fixture_put(f, name.buf, "long");
	}
}

static void equals_ls_tree_byte_for_byte(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_STRBUF struct strbuf want = STRBUF_INIT;
	AUTO_STRBUF struct strbuf got = STRBUF_INIT;
	AUTO_STRBUF struct strbuf again = STRBUF_INIT;
	AUTO_STRBUF struct strbuf big = STRBUF_INIT;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;
	git_oid id;

	fixture_repo(f);
	put_odd_names(f);
	for (int i = 0; i < 11000000 / 8; i++)
		strbuf_addstr(&big, "12345678");
	fixture_put_bytes(f, "repo/big", big.buf, big.len, 0644);
	fixture_git(f, "repo", "add", "-A", NULL);
	fixture_git(f, "repo", "commit", "-q", "-m", "odd", NULL);
	ls_tree(f, &want);
	fixture_open(f, "repo", &repo);
	head_id(repo, &id);
	assert_works(&err, package_manifest(repo, &id, NULL, &got, &err));
	assert_same(&want, &got);
	assert_true(manifest_cache_load(repo, &id, &again));
	assert_same(&want, &again);
}

/* Sizes come from the base where they can: a lie in it must not. */
static void takes_only_unchanged_sizes_from_base(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_STRBUF struct strbuf base = STRBUF_INIT;
	AUTO_STRBUF struct strbuf want = STRBUF_INIT;
	AUTO_STRBUF struct strbuf got = STRBUF_INIT;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;
	git_oid v1, v2;

	fixture_repo(f);
	put_odd_names(f);
	fixture_git(f, "repo", "add", "-A", NULL);
	fixture_git(f, "repo", "commit", "-q", "-m", "odd", NULL);
	fixture_open(f, "repo", &repo);
	head_id(repo, &v1);
	assert_works(&err, package_manifest(repo, &v1, NULL, &base, &err));
	fixture_put(f, "repo/a/b/c", "changed");
	fixture_put(f, "repo/a/b/a", "added");
	fixture_put(f, "repo/zzz", "added");
	fixture_git(f, "repo", "rm", "-q", "-f", "--", "-rf", "exe", NULL);
	fixture_git(f, "repo", "add", "-A", NULL);
	fixture_git(f, "repo", "commit", "-q", "-m", "changed", NULL);
	head_id(repo, &v2);
	ls_tree(f, &want);
	assert_works(&err, package_manifest(repo, &v2, &v1, &got, &err));
	assert_same(&want, &got);
}

static void damaged_cache_is_no_cache(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_STRBUF struct strbuf want = STRBUF_INIT;
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;
	char hex[GIT_OID_HEXSZ + 1];
	git_oid id;

	fixture_repo(f);
	fixture_open(f, "repo", &repo);
	head_id(repo, &id);
	git_oid_tostr(hex, sizeof(hex), &id);
	strbuf_addf(&path, "repo/.git/git-release/manifest/%s", hex);
	ls_tree(f, &want);
	for (size_t cut = 0; cut < 150; cut += 7) {
		AUTO_STRBUF struct strbuf got = STRBUF_INIT;
		AUTO_STRBUF struct strbuf file = STRBUF_INIT;

		assert_works(&err, package_manifest(repo, &id, NULL, &got, &err));
		assert_same(&want, &got);
		assert_works(&err, file_read(f->fd, path.buf, 4096, &file, &err));
		if (cut >= file.len)
			break;
		file.buf[cut] ^= 1;
		fixture_put_bytes(f, path.buf, file.buf, file.len, 0644);
		strbuf_reset(&got);
		assert_false(manifest_cache_load(repo, &id, &got));
		fixture_put_bytes(f, path.buf, file.buf, cut, 0644);
		assert_false(manifest_cache_load(repo, &id, &got));
	}
}

static void missing_blob_is_told(void **state)
{
	struct repo_fixture *f = *state;
	AUTO_STRVEC struct strvec clone = STRVEC_INIT;
	AUTO_STRBUF struct strbuf got = STRBUF_INIT;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;
	git_oid id;

	fixture_repo(f);
	fixture_git(f, "repo", "config", "uploadpack.allowFilter", "true", NULL);
	strvec_pushl(&clone, "git", "clone", "-q", "--no-checkout",
		     "--filter=blob:none", NULL);
	strvec_pushf(&clone, "file://%s/repo", f->dir);
	strvec_push(&clone, "partial");
	assert_int_equal(fixture_try(f, ".", NULL, &clone), 0);
	fixture_open(f, "partial", &repo);
	head_id(repo, &id);
	assert_fails_with(&err, ERR_NOTFOUND,
			  package_manifest(repo, &id, NULL, &got, &err));
	assert_non_null(strstr(err.msg.buf, "partial clone"));
	assert_int_equal(got.len, 0);
	fixture_git(f, "partial", "fetch", "-q", "--refetch", "--no-filter",
		    NULL);
	assert_works(&err, package_manifest(repo, &id, NULL, &got, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_fixture(equals_ls_tree_byte_for_byte),
		with_fixture(takes_only_unchanged_sizes_from_base),
		with_fixture(damaged_cache_is_no_cache),
		with_fixture(missing_blob_is_told),
	};

	return cmocka_run_group_tests_name("package_manifest", tests, NULL, NULL);
}
