#include "common/base/base.h"
#include "tests/unit/repo_fixture.h"
#include "git-serversync/serversync_settings.h"

struct loaded {
	git_repository *repo;
	struct config cfg;
	struct serversync_settings s;
	struct environment env;
	struct err err;
};
#define LOADED_INIT                                                            \
	{                                                                      \
		.cfg = CONFIG_INIT, .err = ERR_INIT                            \
	}

static void loaded_release(struct loaded *l)
{
	serversync_settings_release(&l->s);
	environment_release(&l->env);
	config_release(&l->cfg);
	git_repository_free(l->repo);
	err_release(&l->err);
}
#define AUTO_LOADED CLEANUP(loaded_release)

/* over: one "key\nvalue" of git config, or NULL. */
static int load(struct repo_fixture *f, struct loaded *l, const char *file,
		const char *over)
{
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT;

	fixture_put(f, "repo/.gitrelease", file);
	fixture_open(f, "repo", &l->repo);
	if (over) {
		strbuf_add(&raw, "file:.git/config", 17);
		strbuf_add(&raw, over, strlen(over) + 1);
	}
	assert_works(&l->err, config_parse(&l->cfg, raw.buf, raw.len, &l->err));
	return serversync_settings_load(l->repo, &l->cfg, NULL, &l->s, &l->err);
}

static void defaults(void **state)
{
	AUTO_LOADED struct loaded l = LOADED_INIT;

	fixture_repo(*state);
	assert_works(&l.err, load(*state, &l, "", NULL));
	assert_string_equal(l.s.environment, "production");
	assert_int_equal(l.s.exclude.nr, 0);
	assert_null(l.s.subdirectory);
	assert_int_equal(l.s.max_file_size, 10 << 20);
	assert_int_equal(l.s.max_delete, 10);
	assert_null(l.s.base);
	assert_string_equal(l.s.remote, "origin");
	assert_null(l.s.target);
	assert_null(l.s.forge);
	assert_null(l.s.api);
	assert_false(l.s.has_server);
	assert_fails_with(&l.err, ERR_FAILED,
			  serversync_environment(l.repo, &l.cfg, &l.s, &l.env,
						 &l.err));
	assert_string_equal(l.err.msg.buf, "no environment is configured");
}

static const char full[] = "[release]\n"
			   "\tbranch = live\n"
			   "\tsubdirectory = ./apps//web/\n"
			   "[release \"production\"]\n"
			   "\turl = web:/srv/shop\n"
			   "\ttransport = openssh\n"
			   "\tshared = storage/\n"
			   "\twritable = bootstrap/cache\n"
			   "[serversync]\n"
			   "\texclude = *.log\n"
			   "\texclude = /cache/\n"
			   "\tmaxFileSize = 3G\n"
			   "\tmaxDelete = 0\n"
			   "\tbase = v1.2.0\n"
			   "\tremote = upstream\n"
			   "\tforge = gitea\n"
			   "[serversync \"production\"]\n"
			   "\tmaxFileSize = 500k\n"
			   "[serversync \"staging\"]\n"
			   "\tmaxFileSize = 1\n";

static void all_that_is_set(void **state)
{
	AUTO_LOADED struct loaded l = LOADED_INIT;

	fixture_repo(*state);
	assert_works(&l.err,
		     load(*state, &l, full,
			  "serversync.api\nhttps://git.example.com/api"));
	assert_int_equal(l.s.exclude.nr, 2);
	assert_string_equal(l.s.exclude.v[1], "/cache/");
	assert_string_equal(l.s.subdirectory, "apps/web");
	assert_int_equal(l.s.max_file_size, 500 << 10);
	assert_int_equal(l.s.max_delete, 0);
	assert_string_equal(l.s.base, "v1.2.0");
	assert_string_equal(l.s.remote, "upstream");
	assert_string_equal(l.s.target, "live");
	assert_string_equal(l.s.forge, "gitea");
	assert_string_equal(l.s.api, "https://git.example.com/api");
	assert_true(l.s.has_server);
	assert_works(&l.err, serversync_environment(l.repo, &l.cfg, &l.s,
						    &l.env, &l.err));
	assert_string_equal(l.env.urls.v[0], "web:/srv/shop");
	assert_int_equal(l.env.transport, ENV_TRANSPORT_OPENSSH);
	assert_string_equal(l.env.shared[0].path, "storage");
	assert_string_equal(l.env.writable.v[0], "bootstrap/cache");
}

/* A token goes there: a commit must not say where. */
static void the_api_is_not_read_from_a_commit(void **state)
{
	AUTO_LOADED struct loaded l = LOADED_INIT;

	fixture_repo(*state);
	assert_fails_with(&l.err, ERR_FAILED,
			  load(*state, &l, "[serversync]\napi = https://x\n",
			       NULL));
	assert_string_equal(l.err.msg.buf,
			    ".gitrelease:2: serversync.api is read from git "
			    "config only");
	assert_string_equal(l.err.hint.buf, "git config serversync.api <url>");
}

static void target_is(void **state, const char *file, const char *want)
{
	AUTO_LOADED struct loaded l = LOADED_INIT;

	assert_works(&l.err, load(*state, &l, file, NULL));
	if (want)
		assert_string_equal(l.s.target, want);
	else
		assert_null(l.s.target);
}

static void the_branch_a_review_is_against(void **state)
{
	static const char by_key[] = "[release]\nbranch = a\n"
				     "[release \"production\"]\nbranch = b\n";
	static const char both[] = "[release \"production\"]\nbranch = b\n"
				   "[serversync]\ntarget = c\n";

	fixture_repo(*state);
	target_is(state, "", NULL);
	fixture_git(*state, "repo", "update-ref",
		    "refs/remotes/upstream/production", "HEAD", NULL);
	target_is(state, "", NULL);
	target_is(state, "[serversync]\nremote = upstream\n", "production");
	fixture_git(*state, "repo", "branch", "production", NULL);
	target_is(state, "", "production");
	target_is(state, by_key, "b");
	target_is(state, both, "c");
}

static void without_a_url_there_is_no_server(void **state)
{
	AUTO_LOADED struct loaded l = LOADED_INIT;

	fixture_repo(*state);
	assert_works(&l.err, load(*state, &l,
				  "[release \"production\"]\nkeep = 2\n", NULL));
	assert_false(l.s.has_server);
	assert_fails_with(&l.err, ERR_FAILED,
			  serversync_environment(l.repo, &l.cfg, &l.s, &l.env,
						 &l.err));
	assert_string_equal(l.err.msg.buf, "release.production.url is not set");
	assert_string_equal(l.err.hint.buf,
			    "git release init <url> production");
}

static void bad_values(void **state)
{
	static const char *const bad[] = {
		"forge = sourcehut", "maxFileSize = 1t",
		"maxFileSize = k",   "maxFileSize = 5000000000",
		"maxDelete = -1",    "target = a..b",
		"remote = -x",
	};

	fixture_repo(*state);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		AUTO_LOADED struct loaded l = LOADED_INIT;
		AUTO_STRBUF struct strbuf file = STRBUF_INIT;

		strbuf_addf(&file, "[serversync]\n%s\n", bad[i]);
		assert_fails_with(&l.err, ERR_FAILED,
				  load(*state, &l, file.buf, NULL));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_fixture(defaults),
		with_fixture(all_that_is_set),
		with_fixture(the_api_is_not_read_from_a_commit),
		with_fixture(the_branch_a_review_is_against),
		with_fixture(without_a_url_there_is_no_server),
		with_fixture(bad_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
