#include "common/base/base.h"
#include "tests/unit/unit.h"
#include "common/text/review_url.h"

static const struct review_branches plain = { "back-merge/x", "staging" };

static void assert_url(const char *remote, const char *want)
{
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;

	assert_int_equal(review_url(remote, &plain, &out), want != NULL);
	assert_string_equal(out.buf, want ? want : "");
}

static void knows_the_hosts(void **state UNUSED)
{
	assert_url("git@github.com:acme/shop.git",
		   "https://github.com/acme/shop/compare/staging..."
		   "back-merge/x?expand=1");
	assert_url("ssh://git@ssh.github.com:443/acme/shop.git",
		   "https://github.com/acme/shop/compare/staging..."
		   "back-merge/x?expand=1");
	assert_url("https://gitlab.example.com:8443/a/b/shop.git/",
		   "https://gitlab.example.com:8443/a/b/shop/-/merge_requests/"
		   "new?merge_request%5Bsource_branch%5D=back-merge%2Fx&"
		   "merge_request%5Btarget_branch%5D=staging");
	assert_url("git@bitbucket.org:acme/shop.git",
		   "https://bitbucket.org/acme/shop/pull-requests/new?"
		   "source=back-merge%2Fx&dest=staging");
	assert_url("git@acme.ghe.com:acme/shop.git",
		   "https://acme.ghe.com/acme/shop/compare/staging..."
		   "back-merge/x?expand=1");
	assert_url("ssh://git@codeberg.org/acme/shop",
		   "https://codeberg.org/acme/shop/compare/staging..."
		   "back-merge/x");
}

static void knows_bitbucket_servers(void **state UNUSED)
{
	const char *page = "https://bitbucket.example.com/projects/SHOP/repos/"
			   "app/pull-requests?create&sourceBranch=refs%2Fheads"
			   "%2Fback-merge%2Fx&targetBranch=refs%2Fheads%2F"
			   "staging";

	assert_url("ssh://git@bitbucket.example.com:7999/SHOP/app.git", page);
	assert_url("https://bitbucket.example.com/scm/SHOP/app.git", page);
	assert_url("https://code.example.com/scm/~ann/app.git",
		   "https://code.example.com/users/ann/repos/app/pull-requests"
		   "?create&sourceBranch=refs%2Fheads%2Fback-merge%2Fx&"
		   "targetBranch=refs%2Fheads%2Fstaging");
	assert_url("https://code.example.com/scm/too/many/parts", NULL);
}

static void keeps_secrets_and_bytes_to_itself(void **state UNUSED)
{
	const struct review_branches odd = { "a b&c=#\033[2J\"", "x/%25" };
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;

	assert_url("https://ann:s3cret@github.com/acme/shop",
		   "https://github.com/acme/shop/compare/staging..."
		   "back-merge/x?expand=1");
	assert_true(review_url("git@github.com:a/b c", &odd, &out));
	assert_string_equal(out.buf,
			    "https://github.com/a/b%20c/compare/x/%2525..."
			    "a%20b%26c%3D%23%1B%5B2J%22?expand=1");
}

static void knows_what_it_does_not_know(void **state UNUSED)
{
	static const char *const none[] = {
		"",	     "/srv/shop.git",	     "../shop.git",
		"shop.git",  "file:///srv/shop.git", "https://",
		"https://-", "git@example.com:a/b",  "https://[::1]/a/b",
		"git@:a/b",  "https://github.com/a", "ftp://github.com/a/b",
		"://x/a/b",  "https://git hub/a/b",  "git@github.com:shop",
	};

	for (size_t i = 0; i < ARRAY_SIZE(none); i++)
		assert_url(none[i], NULL);
}

static void assert_said(const char *words, const char *want)
{
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;

	assert_int_equal(review_url_said(words, &out), want != NULL);
	assert_string_equal(out.buf, want ? want : "");
}

static void hears_what_the_server_says(void **state UNUSED)
{
	assert_said("remote: \nremote: To create a merge request, visit:\n"
		    "remote:   https://git.example.com/a/b/-/new?x%5By%5D=z\n",
		    "https://git.example.com/a/b/-/new?x%5By%5D=z");
	assert_said("remote: http:// https://a.example.com/\\033[2J",
		    "https://a.example.com/");
	assert_said("remote: nothing of http here, https:/x", NULL);
	assert_said("", NULL);
	assert_said("https://", NULL);
}

static void hears_one_host(void **state UNUSED)
{
	static const char words[] =
		"remote: Down on Sunday: https://status.example.com/\n"
		"remote: http://git.example.com.evil.example/x\n"
		"remote:   http://git.example.com:8080/a/b/pull/5\n";
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;

	assert_true(review_url_said_by(words, "git.example.com:99", &out));
	assert_string_equal(out.buf, "http://git.example.com:8080/a/b/pull/5");
	assert_false(review_url_said_by(words, "example.com", &out));
	assert_false(review_url_said_by(words, "evil.example", &out));
}

static void believes_who_knows_better(void **state UNUSED)
{
	AUTO_FORGE_PLACE struct forge_place ours = FORGE_PLACE_INIT;
	AUTO_FORGE_PLACE struct forge_place cloud = FORGE_PLACE_INIT;
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;

	assert_int_equal(forge_place_of("git@code.example.com:a/b", &ours), 0);
	assert_int_equal(ours.kind, FORGE_UNKNOWN);
	assert_false(review_url_at(&ours, &plain, &out));
	forge_place_is(&ours, "gitea");
	assert_true(review_url_at(&ours, &plain, &out));
	assert_string_equal(out.buf, "https://code.example.com/a/b/compare/"
				     "staging...back-merge/x");
	forge_place_is(&ours, "bitbucket");
	assert_int_equal(ours.kind, FORGE_BITBUCKET_SERVER);
	assert_int_equal(forge_place_of("git@bitbucket.org:a/b", &cloud), 0);
	forge_place_is(&cloud, "bitbucket");
	assert_int_equal(cloud.kind, FORGE_BITBUCKET);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_the_hosts),
		cmocka_unit_test(knows_bitbucket_servers),
		cmocka_unit_test(keeps_secrets_and_bytes_to_itself),
		cmocka_unit_test(knows_what_it_does_not_know),
		cmocka_unit_test(hears_what_the_server_says),
		cmocka_unit_test(hears_one_host),
		cmocka_unit_test(believes_who_knows_better),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
