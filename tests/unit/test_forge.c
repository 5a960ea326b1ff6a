#include "common/base/base.h"
#include "tests/unit/unit.h"
#include "common/forge/forge_api.h"
#include "git-serversync/review_text.h"

static void no_tokens(void)
{
	static const char *const names[] = {
		"GH_TOKEN",	   "GITHUB_TOKEN",
		"GITLAB_TOKEN",	   "GH_ENTERPRISE_TOKEN",
		"BITBUCKET_TOKEN", "GITHUB_ENTERPRISE_TOKEN",
		"GH_HOST",	   "GITEA_TOKEN",
		"CI_SERVER_URL",   "GITHUB_SERVER_URL",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		unsetenv(names[i]);
	/* No helper either. */
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
}

static struct forge *open_at(const char *remote, const char *kind, const char *api)
{
	AUTO_FORGE_PLACE struct forge_place place = FORGE_PLACE_INIT;
	const struct forge_spec spec = { .place = &place, .api = api };
	AUTO_ERR struct err err = ERR_INIT;
	struct forge *f = NULL;

	assert_int_equal(forge_place_of(remote, &place), 0);
	if (kind)
		forge_place_is(&place, kind);
	if (forge_open(&spec, &f, &err) < 0)
		return NULL;
	return f;
}

static void assert_service(const char *remote, const char *api,
			   const char *base, const char *path)
{
	struct forge *f = open_at(remote, NULL, api);

	assert_non_null(f);
	assert_string_equal(f->base.buf, base);
	assert_string_equal(f->path.buf, path);
	forge_free(f);
}

static void knows_where_services_are(void **state UNUSED)
{
	no_tokens();
	assert_service("git@github.com:acme/shop.git", NULL,
		       "https://api.github.com", "acme/shop");
	assert_service("git@acme.ghe.com:acme/shop.git", NULL,
		       "https://api.acme.ghe.com", "acme/shop");
	assert_service("git@github.example.com:acme/shop.git", NULL,
		       "https://github.example.com/api/v3", "acme/shop");
	assert_service("https://gitlab.example.com:8443/a/b/shop.git", NULL,
		       "https://gitlab.example.com:8443/api/v4", "a/b/shop");
	assert_service("http://gitlab.example.com:8080/a/shop.git", NULL,
		       "https://gitlab.example.com/api/v4", "a/shop");
	assert_service("git@bitbucket.org:acme/shop.git", NULL,
		       "https://api.bitbucket.org/2.0", "acme/shop");
	assert_service("https://git.example.com/scm/SHOP/app.git", NULL,
		       "https://git.example.com/rest/api/1.0", "SHOP/app");
	assert_service("git@codeberg.org:acme/shop", NULL,
		       "https://codeberg.org/api/v1", "acme/shop");
}

static void obeys_what_is_configured(void **state UNUSED)
{
	no_tokens();
	assert_service("git@github.com:acme/shop", "https://api.github.com/",
		       "https://api.github.com", "acme/shop");
	assert_service("git@gitlab.com:a/shop", "https://code.example.com",
		       "https://code.example.com/api/v4", "a/shop");
	assert_service("https://gitlab.example.com/git/lab/a/shop.git",
		       "https://gitlab.example.com/git/lab/api/v4",
		       "https://gitlab.example.com/git/lab/api/v4", "a/shop");
	/* An address for ssh has no such directory in front. */
	assert_service("git@gitlab.example.com:a/shop.git",
		       "https://gitlab.example.com/git/lab/api/v4",
		       "https://gitlab.example.com/git/lab/api/v4", "a/shop");
}

static void refuses_what_is_no_project(void **state UNUSED)
{
	static const struct {
		const char *remote, *kind, *api;
	} wrong[] = {
		{ "git@example.com:a/b", NULL, NULL },
		{ "git@github.com:a/b/c", NULL, NULL },
		{ "git@github.com:a/b", NULL, "http://api.github.com" },
		{ "git@github.com:a/b", NULL, "https://" },
		{ "git@github.com:a/b", NULL, "https://ann@api.github.com" },
		{ "git@github.com:a/b", NULL, "https://api.github.com/?x" },
		{ "git@github.com:a/b", NULL, "https://api.github.com/ x" },
		{ "git@example.com:a/b/c", "gitea", NULL },
	};

	no_tokens();
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_null(open_at(wrong[i].remote, wrong[i].kind, wrong[i].api));
}

static void assert_token(const char *remote, const char *api, const char *source)
{
	struct forge *f = open_at(remote, NULL, api);

	assert_non_null(f);
	assert_int_equal(forge_has_token(f), source != NULL);
	if (source)
		assert_string_equal(f->token.source, source);
	else
		assert_non_null(forge_token_note(f));
	forge_free(f);
}

static void sends_a_token_to_its_host_only(void **state UNUSED)
{
	no_tokens();
	setenv("GITHUB_TOKEN", "t1", 1);
	assert_token("git@github.com:a/b", NULL, "GITHUB_TOKEN");
	assert_token("git@acme.ghe.com:a/b", NULL, "GITHUB_TOKEN");
	assert_token("git@github.example.com:a/b", NULL, NULL);
	assert_token("git@github.com.evil.example:a/b", NULL, NULL);
	assert_token("git@github.example.com:a/b", "https://github.example.com",
		     "GITHUB_TOKEN");
	setenv("GITHUB_SERVER_URL", "https://github.example.com", 1);
	assert_token("git@github.example.com:a/b", NULL, "GITHUB_TOKEN");
	assert_token("git@github.example:a/b", NULL, NULL);
	setenv("GITHUB_SERVER_URL", "https://github.example.com.evil", 1);
	assert_token("git@github.example.com:a/b", NULL, NULL);
	setenv("GH_ENTERPRISE_TOKEN", "t2", 1);
	assert_token("git@github.example.com:a/b", NULL, NULL);
	setenv("GH_HOST", "GitHub.example.com", 1);
	assert_token("git@github.example.com:a/b", NULL, "GH_ENTERPRISE_TOKEN");
	assert_token("git@github.example.com.other:a/b", NULL, NULL);
	assert_token("git@github.evil.example:a/b", NULL, NULL);
	assert_token("git@github.com:a/b", NULL, "GITHUB_TOKEN");
	setenv("GH_TOKEN", "t3", 1);
	assert_token("git@github.com:a/b", NULL, "GH_TOKEN");
}

static void knows_users_of_app_passwords(void **state UNUSED)
{
	struct forge *f;

	no_tokens();
	setenv("BITBUCKET_TOKEN", "ann:s3:cret", 1);
	f = open_at("git@bitbucket.org:a/b", NULL, NULL);
	assert_non_null(f);
	assert_string_equal(f->token.user, "ann");
	assert_string_equal(f->token.secret, "s3:cret");
	forge_free(f);
}

static void cuts_texts_between_lines(void **state UNUSED)
{
	AUTO_STRBUF struct strbuf out = STRBUF_INIT, body = STRBUF_INIT;

	assert_false(review_text_fit("one\ntwo\n", 8, &out));
	assert_string_equal(out.buf, "one\ntwo\n");
	for (int i = 0; i < 100; i++)
		strbuf_addf(&body, "line %d\n", i);
	strbuf_reset(&out);
	assert_true(review_text_fit(body.buf, 200, &out));
	assert_true(out.len <= 200);
	assert_non_null(strstr(out.buf, "line 0\n"));
	assert_non_null(strstr(out.buf, "\n\n*The text is longer"));
	/* One line of two-byte characters is cut between two of them. */
	strbuf_reset(&body);
	for (int i = 0; i < 200; i++)
		strbuf_addstr(&body, "\xc3\xa4");
	for (size_t max = 150; max < 154; max++) {
		strbuf_reset(&out);
		assert_true(review_text_fit(body.buf, max, &out));
		assert_true(out.len <= max);
		assert_int_equal((unsigned char)strchr(out.buf, '\n')[-1], 0xa4);
	}
}

static void knows_a_request_by_its_page(void **state UNUSED)
{
	assert_true(review_text_is_request("https://x/a/b/pull/12"));
	assert_true(review_text_is_request("https://x/a/-/merge_requests/1"));
	assert_true(review_text_is_request("https://x/a/b/pulls/3"));
	assert_true(review_text_is_request("https://x/a/pull-requests/3"));
	assert_false(review_text_is_request("https://x/a/b/pull/new/1"));
	assert_false(
		review_text_is_request("https://x/a/-/merge_requests/new"));
	assert_false(review_text_is_request("https://x/a/b/pulls/"));
	assert_false(review_text_is_request("https://x/"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_where_services_are),
		cmocka_unit_test(obeys_what_is_configured),
		cmocka_unit_test(refuses_what_is_no_project),
		cmocka_unit_test(sends_a_token_to_its_host_only),
		cmocka_unit_test(knows_users_of_app_passwords),
		cmocka_unit_test(cuts_texts_between_lines),
		cmocka_unit_test(knows_a_request_by_its_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
