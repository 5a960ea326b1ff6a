#include "common/base/base.h"
#include "tests/unit/unit.h"
#include "tests/unit/settings_fixture.h"

#define PROD "[release \"production\"]\n"
#define WEB  PROD "url = /srv/x\n"

/* Each line is the third of its file. */
static const struct {
	const char *line, *message;
} bad_values[] = {
	{ "url", "release.production.url: has no value" },
	{ "url = -oProxyCommand=x",
	  "release.production.url: cannot start with '-'" },
	{ "url = \"/srv/\\n\"",
	  "release.production.url: holds a control character" },
	{ "branch =", "release.production.branch: is empty" },
	{ "branch = a..b",
	  "release.production.branch: 'a..b' cannot be part of a ref" },
	{ "TRANSPORT = sftp", "release.production.transport: 'sftp' is not "
			      "one of auto, libssh2, openssh" },
	{ "shared =", "release.production.shared: is empty" },
	{ "shared = .", "release.production.shared: '.' names the whole "
			"directory" },
	{ "shared = ./", "release.production.shared: './' names the whole "
			 "directory" },
	{ "shared = a/../b",
	  "release.production.shared: 'a/../b' has a '..' in it" },
	{ "shared = ../../etc",
	  "release.production.shared: '../../etc' has a '..' in it" },
	{ "shared = /etc", "release.production.shared: '/etc' is absolute" },
	{ "shared = a/.GIT/b",
	  "release.production.shared: 'a/.GIT/b' leads into '.git'" },
	{ "writable = ..",
	  "release.production.writable: '..' has a '..' in it" },
	{ "link = public/storage", "release.production.link: 'public/storage' "
				   "is not <path>:<target>" },
	{ "link = a:/etc/passwd",
	  "release.production.link: '/etc/passwd' is absolute" },
	{ "link = a:../../b",
	  "release.production.link: '../../b' has a '..' in it" },
	{ "link = :b", "release.production.link: a path is empty" },
	{ "fileMode = 4644", "release.production.fileMode: '4644' is not an "
			     "octal mode of at most 777" },
	{ "fileMode = 0244", "release.production.fileMode: '0244' would lock "
			     "the owner out: at least 400 is needed" },
	{ "directoryMode = u=rwx",
	  "release.production.directoryMode: 'u=rwx' is not an octal mode of "
	  "at most 777" },
	{ "directoryMode = 655",
	  "release.production.directoryMode: '655' would lock the owner out: "
	  "at least 700 is needed" },
	{ "keep = 0",
	  "release.production.keep: '0' is not a number from 1 to 1000" },
	{ "keep = 1001",
	  "release.production.keep: '1001' is not a number from 1 to 1000" },
	{ "keep = -1",
	  "release.production.keep: '-1' is not a number from 1 to 1000" },
	{ "timeout = 0", "release.production.timeout: '0' is not a time from "
			 "1s to 7d, such as 90s, 10m, 1h" },
	{ "timeout = soon", "release.production.timeout: 'soon' is not a time "
			    "from 1s to 7d, such as 90s, 10m, 1h" },
	{ "preHook = all:  ", "release.production.preHook: holds no command" },
	{ "preHook = \"a\\nb\"",
	  "release.production.preHook: holds more than one line" },
	{ "preHook = \"a\033[2J\"",
	  "release.production.preHook: holds a control character" },
	{ "webhookSecret = \"s\\n\"",
	  "release.production.webhookSecret: holds a control character" },
	{ "upload = a", "release.production.upload: 'a' is not "
			"<local file>:<shared path>[:<mode>]" },
	{ "upload = a:.env:1777", "release.production.upload: '1777' is not "
				  "an octal mode of at most 777" },
	{ "requires = a b", "release.production.requires: 'a b' cannot be the "
			    "name of an environment" },
	{ "tagPrefix = x", "release.production.tagPrefix cannot be set for "
			   "one environment: use release.tagPrefix" },
};

static void test_bad_values(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_SIZE(bad_values); i++) {
		AUTO_STRBUF struct strbuf file = STRBUF_INIT;
		AUTO_STRBUF struct strbuf want = STRBUF_INIT;
		const char *why = bad_values[i].message;

		strbuf_addf(&file, WEB "%s\n", bad_values[i].line);
		strbuf_addf(&want, ".gitrelease:3: %s", why);
		load_fails(file.buf, NULL, want.buf);
	}
}

static void test_bad_values_for_all(void **state UNUSED)
{
	load_fails("[release]\nsubmodules = perhaps\n", NULL,
		   ".gitrelease:2: release.submodules: 'perhaps' is not true "
		   "or false");
	load_fails("[release]\nsubdirectory = ..\n", NULL,
		   ".gitrelease:2: release.subdirectory: '..' has a '..' in "
		   "it");
	load_fails("[release]\ncache = vendor\n", NULL,
		   ".gitrelease:2: release.cache: 'vendor' is not "
		   "<path>:<key file>[,<key file>]");
	load_fails("[release]\ncache = vendor:a,,b\n", NULL,
		   ".gitrelease:2: release.cache: a path is empty");
	load_fails("[release]\nrequire = composer >= new\n", NULL,
		   ".gitrelease:2: release.require: 'composer >= new' is not "
		   "<tool> <comparison> <version>");
	load_fails("[release]\nrecipe = rails\n", NULL,
		   ".gitrelease:2: release.recipe: 'rails' is not one of "
		   "laravel, symfony, wordpress, node, static, plain");
	load_fails("[serversync]\nmaxFileSize = big\n", NULL,
		   ".gitrelease:2: serversync.maxFileSize: 'big' is not a "
		   "size such as 500k, 10m");
	load_fails(NULL, "release.production.keep\n0|",
		   "file:.git/config: release.production.keep: '0' is not a "
		   "number from 1 to 1000");
}

static void test_unknown_names(void **state UNUSED)
{
	load_fails("\n\n\n\n\n" PROD "sharde = a\n", NULL,
		   ".gitrelease:7: unknown key 'release.production.sharde'; "
		   "did you mean 'shared'?");
	load_fails("[release]\nqwertyuiop = a\n", NULL,
		   ".gitrelease:2: unknown key 'release.qwertyuiop'");
	load_fails("[branchsync]\nfinish = touch x\n", NULL,
		   ".gitrelease:2: branchsync.finish is read from git config "
		   "only");
	load_fails("[branchsync]\nform = a\n", NULL,
		   ".gitrelease:2: unknown key 'branchsync.form'; did you "
		   "mean 'from'?");
	load_fails("[relaese \"production\"]\nurl = a\n", NULL,
		   ".gitrelease:1: unknown section 'relaese'; did you mean "
		   "'release'?");
	load_fails("[core]\neditor = a\n", NULL,
		   ".gitrelease:1: unknown section 'core'");
	load_fails(NULL, "release.production.hook\nx|",
		   "file:.git/config: unknown key 'release.production.hook'");
	load_fails(NULL, "release.production.timeuot\nx|",
		   "file:.git/config: unknown key "
		   "'release.production.timeuot'; did you mean 'timeout'?");
}

static void test_names_of_environments(void **state UNUSED)
{
	load_fails(WEB "[release \"rollback\"]\nurl = /srv/y\n", NULL,
		   ".gitrelease:3: an environment cannot be called "
		   "'rollback': that is a command");
	load_fails(NULL, "release.status.url\n/srv/x|",
		   "file:.git/config: an environment cannot be called "
		   "'status': that is a command");
	load_fails("[release \"-x\"]\nurl = a\n", NULL,
		   ".gitrelease:1: '-x' cannot be the name of an "
		   "environment");
	load_fails("[release \"a..b\"]\nurl = a\n", NULL,
		   ".gitrelease:1: 'a..b' cannot be the name of an "
		   "environment");
	load_fails("[release \"a.lock\"]\nurl = a\n", NULL,
		   ".gitrelease:1: 'a.lock' cannot be the name of an "
		   "environment");
	load_fails("[release \"\"]\nurl = a\n", NULL,
		   ".gitrelease:1: '' cannot be the name of an environment");
	load_fails("[release \"a\033b\"]\nurl = a\n", NULL,
		   ".gitrelease:1: 'a\\033b' cannot be the name of an "
		   "environment");
}

static void test_overlaps(void **state UNUSED)
{
	environment_fails(WEB "shared = storage\nshared = storage/oauth.key\n",
			  NULL,
			  ".gitrelease:4: release.production.shared "
			  "'storage/oauth.key' overlaps shared 'storage' "
			  "(.gitrelease:3)");
	environment_fails(WEB "shared = storage/\nshared = ./storage\n", NULL,
			  ".gitrelease:4: release.production.shared "
			  "'./storage' overlaps shared 'storage/' "
			  "(.gitrelease:3)");
	environment_fails("[release]\nshared = a/b\n" WEB "link = a:c\n", NULL,
			  ".gitrelease:5: release.production.link 'a:c' "
			  "overlaps shared 'a/b' (.gitrelease:2)");
	environment_fails(WEB "link = a/b:a\n", NULL,
			  ".gitrelease:3: release.production.link: 'a/b:a' "
			  "leads to itself");
	environment_fails(WEB "shared = REVISION\n", NULL,
			  ".gitrelease:3: release.production.shared: "
			  "'REVISION' is written into every release");
}

static void test_near_names_do_not_overlap(void **state UNUSED)
{
	AUTO_FIXTURE struct fixture f = FIXTURE_INIT;

	assert_works(&f.err, load(&f,
				  WEB "shared = app\nshared = apple\n"
				      "link = app2:app/x\n",
				  NULL));
	assert_works(&f.err, settings_environment(&f.s, NULL, &f.env, &f.err));
}

static void test_not_available_yet(void **state UNUSED)
{
	environment_fails(WEB "webhook = https://x/\n", NULL,
			  ".gitrelease:3: release.production.webhook is not "
			  "available yet");
	environment_fails("[release]\nhealthAttempts = 3\n" WEB, NULL,
			  ".gitrelease:2: release.healthAttempts is not "
			  "available yet");
	environment_fails(WEB "url = /srv/y\n", NULL,
			  ".gitrelease:3: release.production.url: a second "
			  "url is not available yet");
	environment_fails(WEB "maintenance = always\n", NULL,
			  ".gitrelease:3: release.production.maintenance "
			  "'always' is not available yet");
	environment_fails(WEB "publicMode = mirror\n", NULL,
			  ".gitrelease:3: release.production.publicMode "
			  "'mirror' is not available yet");
}

static void test_not_available_elsewhere(void **state UNUSED)
{
	AUTO_FIXTURE struct fixture f = FIXTURE_INIT;

	assert_works(&f.err, load(&f,
				  WEB "[release \"staging\"]\n"
				      "soak = 24h\n[release]\n"
				      "recipe = laravel\n",
				  NULL));
	assert_works(&f.err, settings_environment(&f.s, NULL, &f.env, &f.err));
	assert_int_equal(settings_build(&f.s, &f.build, &f.err), ERR_FAILED);
	assert_string_equal(f.err.msg.buf,
			    ".gitrelease:6: release.recipe 'laravel' is not "
			    "available yet");
}

static void test_defaults_of_the_table_are_good(void **state UNUSED)
{
	AUTO_ERR struct err err = ERR_INIT;
	const struct settings_key *keys;
	size_t nr;

	keys = settings_key_list(&nr);
	for (size_t i = 0; i < nr; i++) {
		assert_ptr_equal(settings_key_find(keys[i].section, keys[i].name),
				 &keys[i]);
		if (keys[i].fallback && !keys[i].many)
			assert_works(&err, settings_value_check(&keys[i],
								keys[i].fallback,
								&err));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad_values),
		cmocka_unit_test(test_bad_values_for_all),
		cmocka_unit_test(test_unknown_names),
		cmocka_unit_test(test_names_of_environments),
		cmocka_unit_test(test_overlaps),
		cmocka_unit_test(test_near_names_do_not_overlap),
		cmocka_unit_test(test_not_available_yet),
		cmocka_unit_test(test_not_available_elsewhere),
		cmocka_unit_test(test_defaults_of_the_table_are_good),
	};

	unsetenv("GIT_RELEASE_ENV");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
