#include "common/base/base.h"
#include "tests/unit/unit.h"
#include "tests/unit/settings_fixture.h"

#define URL "url = /srv/x\n"

static void test_defaults(void **state UNUSED)
{
	AUTO_FIXTURE struct fixture f = FIXTURE_INIT;

	assert_works(&f.err, load(&f, "[release \"production\"]\n" URL, NULL));
	assert_works(&f.err, settings_environment(&f.s, NULL, &f.env, &f.err));
	assert_string_equal(f.env.name, "production");
	assert_int_equal(f.env.urls.nr, 1);
	assert_string_equal(f.env.urls.v[0], "/srv/x");
	assert_int_equal(f.env.transport, ENV_TRANSPORT_AUTO);
	assert_null(f.env.branch);
	assert_string_equal(f.env.remote, "origin");
	assert_int_equal(f.env.nr_shared + f.env.nr_links, 0);
	assert_int_equal(f.env.keep, 5);
	assert_int_equal(f.env.timeout, 600);
	assert_int_equal(f.env.recycle_after, 3600);
	assert_int_equal(f.env.file_mode, 0644);
	assert_int_equal(f.env.directory_mode, 0755);

	assert_works(&f.err, settings_build(&f.s, &f.build, &f.err));
	assert_string_equal(f.build.tag_prefix, "v");
	assert_null(f.build.recipe);
	assert_null(f.build.subdirectory);
	assert_false(f.build.submodules);
	assert_false(f.build.signed_tags);
	assert_int_equal(f.build.keep_packages, 20);
}

static const char full[] = "[release]\n"
			   "\ttagPrefix =\n"
			   "\trecipe = plain\n"
			   "\tsubdirectory = ./apps//web/\n"
			   "\tbuild = npm ci \\\n"
			   "\t\t--quiet\n"
			   "\tbuild = npm run build\n"
			   "\texclude = /docs\n"
			   "\tsubmodules\n"
			   "\tsigned = tag\n"
			   "\tkeepPackages = 7\n"
			   "\tmigrationPath = database/migrations\n"
			   "\trequiresMigration = false\n"
			   "\tbranch = main\n"
			   "\tkeep = 3\n"
			   "[release \"staging\"]\n"
			   "\turl = web:/srv/s\n"
			   "[release \"production\"]\n"
			   "\turl = ssh://web@h:22/srv/p\n"
			   "\ttransport = openssh\n"
			   "\tbranch = production\n"
			   "\tremote = upstream\n"
			   "\tshared = ./storage/\n"
			   "\tshared = .env\n"
			   "\tlink = public/storage:storage/app/public\n"
			   "\twritable = bootstrap/cache/\n"
			   "\tvalidate = test -f index.php\n"
			   "\tpreHook = echo one\n"
			   "\tpreHook = warn: all: echo two\n"
			   "\tfailHook = primary:echo three\n"
			   "\ttimeout = 2m\n"
			   "\trecycleAfter = 0\n"
			   "\tfileMode = 0640\n"
			   "\tdirectoryMode = 750\n"
			   "\tmaintenance = never\n"
			   "\tpublicMode = symlink\n";

static void test_a_full_file(void **state UNUSED)
{
	AUTO_FIXTURE struct fixture f = FIXTURE_INIT;
	const struct environment *env = &f.env;

	assert_works(&f.err, load(&f, full, NULL));
	assert_works(&f.err, settings_environment(&f.s, NULL, &f.env, &f.err));
	assert_string_equal(env->urls.v[0], "ssh://web@h:22/srv/p");
	assert_int_equal(env->transport, ENV_TRANSPORT_OPENSSH);
	assert_string_equal(env->branch, "production");
	assert_string_equal(env->remote, "upstream");
	assert_int_equal(env->nr_shared, 2);
	assert_string_equal(env->shared[0].path, "storage");
	assert_true(env->shared[0].is_dir);
	assert_string_equal(env->shared[1].path, ".env");
	assert_false(env->shared[1].is_dir);
	assert_int_equal(env->nr_links, 1);
	assert_string_equal(env->links[0].path, "public/storage");
	assert_string_equal(env->links[0].target, "storage/app/public");
	assert_string_equal(env->writable.v[0], "bootstrap/cache");
	assert_string_equal(env->validate.v[0], "test -f index.php");
	assert_int_equal(env->keep, 3);
	assert_int_equal(env->timeout, 120);
	assert_int_equal(env->recycle_after, 0);
	assert_int_equal(env->file_mode, 0640);
	assert_int_equal(env->directory_mode, 0750);
}

static void test_hooks(void **state UNUSED)
{
	AUTO_FIXTURE struct fixture f = FIXTURE_INIT;
	const struct env_hooks *pre = &f.env.hooks[HOOK_PRE];

	assert_works(&f.err, load(&f, full, NULL));
	assert_works(&f.err, settings_environment(&f.s, NULL, &f.env, &f.err));
	assert_int_equal(pre->nr, 2);
	assert_string_equal(pre->v[0].command, "echo one");
	assert_string_equal(pre->v[0].origin, ".gitrelease:28");
	assert_false(pre->v[0].all);
	assert_false(pre->v[0].warn);
	assert_string_equal(pre->v[1].command, "echo two");
	assert_true(pre->v[1].all);
	assert_true(pre->v[1].warn);
	assert_int_equal(f.env.hooks[HOOK_MID].nr, 0);
	assert_int_equal(f.env.hooks[HOOK_FAIL].nr, 1);
	assert_string_equal(f.env.hooks[HOOK_FAIL].v[0].command, "echo three");
	assert_false(f.env.hooks[HOOK_FAIL].v[0].all);
}

static void test_build_settings(void **state UNUSED)
{
	AUTO_FIXTURE struct fixture f = FIXTURE_INIT;

	assert_works(&f.err, load(&f, full, NULL));
	assert_works(&f.err, settings_build(&f.s, &f.build, &f.err));
	assert_string_equal(f.build.tag_prefix, "");
	assert_string_equal(f.build.recipe, "plain");
	assert_string_equal(f.build.subdirectory, "apps/web");
	assert_int_equal(f.build.build.nr, 2);
	assert_string_equal(f.build.build.v[0], "npm ci \t\t--quiet");
	assert_string_equal(f.build.exclude.v[0], "/docs");
	assert_true(f.build.submodules);
	assert_true(f.build.signed_tags);
	assert_int_equal(f.build.keep_packages, 7);
}

static void test_git_config_lies_over_the_file(void **state UNUSED)
{
	static const char over[] = "release.staging.url\n/srv/mine|"
				   "release.branch\nnext|"
				   "release.production.branch\nhotfix|"
				   "release.production.shared\nuploads/|"
				   "release.production.prehook\n|"
				   "release.build\n|release.build\nmake|"
				   "user.name\nx|";
	AUTO_FIXTURE struct fixture f = FIXTURE_INIT;

	assert_works(&f.err, load(&f, full, over));
	assert_works(&f.err,
		     settings_environment(&f.s, "staging", &f.env, &f.err));
	assert_int_equal(f.env.urls.nr, 1);
	assert_string_equal(f.env.urls.v[0], "/srv/mine");
	assert_string_equal(f.env.branch, "next");
	assert_works(&f.err,
		     settings_environment(&f.s, "production", &f.env, &f.err));
	assert_string_equal(f.env.branch, "hotfix");
	assert_int_equal(f.env.nr_shared, 1);
	assert_string_equal(f.env.shared[0].path, "uploads");
	assert_int_equal(f.env.hooks[HOOK_PRE].nr, 0);
	assert_works(&f.err, settings_build(&f.s, &f.build, &f.err));
	assert_int_equal(f.build.build.nr, 1);
	assert_string_equal(f.build.build.v[0], "make");
}

static void test_git_config_alone(void **state UNUSED)
{
	AUTO_FIXTURE struct fixture f = FIXTURE_INIT;

	assert_works(&f.err, load(&f, NULL, "release.a.b.url\n/srv/x|"));
	assert_works(&f.err, settings_environment(&f.s, NULL, &f.env, &f.err));
	assert_string_equal(f.env.name, "a.b");
}

static void picks(const char *file, const char *from_env, const char *to,
		  const char *want)
{
	AUTO_FIXTURE struct fixture f = FIXTURE_INIT;

	setenv("GIT_RELEASE_ENV", from_env, 1);
	assert_works(&f.err, load(&f, file, NULL));
	assert_works(&f.err, settings_environment(&f.s, to, &f.env, &f.err));
	assert_string_equal(f.env.name, want);
	unsetenv("GIT_RELEASE_ENV");
}

static void test_which_environment(void **state UNUSED)
{
	static const char one[] = "[release \"x\"]\n" URL;
	static const char two[] = "[release \"x\"]\n" URL
				  "[release \"production\"]\n" URL;
	static const char set[] = "[release]\nenvironment = x\n"
				  "[release \"x\"]\n" URL
				  "[release \"y\"]\n" URL
				  "[release \"production\"]\n" URL;
	AUTO_FIXTURE struct fixture f = FIXTURE_INIT;

	picks(one, "", NULL, "x");
	picks(two, "", NULL, "production");
	picks(set, "", NULL, "x");
	picks(set, "production", NULL, "production");
	picks(set, "production", "y", "y");

	assert_works(&f.err, load(&f, NULL, NULL));
	assert_int_equal(settings_environment(&f.s, NULL, &f.env, &f.err),
			 ERR_FAILED);
	assert_string_equal(f.err.msg.buf, "no environment is configured");
	assert_string_equal(f.err.hint.buf, "git release init <url>");
}

static void test_no_such_environment(void **state UNUSED)
{
	static const char two[] = "[release \"b\"]\n" URL
				  "[release \"a\"]\n" URL;

	environment_fails(two, NULL, "there is more than one environment: a, b");
	environment_fails(two, "c\033",
			  "no environment is called 'c\\033'; "
			  "configured: a, b");
	environment_fails("[release]\nenvironment = c\n"
			  "[release \"a\"]\n" URL,
			  NULL,
			  ".gitrelease:2: no environment is called 'c'; "
			  "configured: a");
	environment_fails("[release \"a\"]\nkeep = 2\n", "a",
			  "release.a.url is not set");
	setenv("GIT_RELEASE_ENV", "d", 1);
	environment_fails(two, NULL,
			  "$GIT_RELEASE_ENV: no environment is called 'd'; "
			  "configured: a, b");
	unsetenv("GIT_RELEASE_ENV");
}

static void test_environments_are_listed(void **state UNUSED)
{
	AUTO_FIXTURE struct fixture f = FIXTURE_INIT;
	AUTO_STRVEC struct strvec names = STRVEC_INIT;

	assert_works(&f.err, load(&f, full,
				  "serversync.z.base\nx|"
				  "release.demo.keep\n1|"));
	settings_list_environments(&f.s, &names);
	assert_int_equal(names.nr, 3);
	assert_string_equal(names.v[0], "demo");
	assert_string_equal(names.v[1], "production");
	assert_string_equal(names.v[2], "staging");
}

static void test_other_sections(void **state UNUSED)
{
	AUTO_FIXTURE struct fixture f = FIXTURE_INIT;

	assert_works(&f.err, load(&f,
				  "[branchsync]\nfrom = live\n"
				  "[serversync]\nmaxFileSize = 5M\n"
				  "[serversync \"production\"]\nbase = x\n"
				  "[drift]\ncustom = app/\n",
				  NULL));
	assert_string_equal(
		settings_get(&f.s, "branchsync", NULL, "from")->value, "live");
	assert_string_equal(
		settings_get(&f.s, "serversync", "production", "maxfilesize")->value,
		"5M");
	assert_string_equal(
		settings_get(&f.s, "serversync", "production", "base")->origin,
		".gitrelease:6");
	assert_null(settings_get(&f.s, "serversync", "staging", "base"));
	assert_null(settings_get(&f.s, "drift", NULL, "nonsense"));
}

static void the_command_line_replaces_a_list(void **state UNUSED)
{
	AUTO_FIXTURE struct fixture f = FIXTURE_INIT;

	assert_works(&f.err, load(&f, "[release \"p\"]\nurl = /a/b\nshared = w/\n",
				  "release.p.shared\nx/|release.p.shared\ny/|"
				  "!release.p.shared\nz/|"));
	assert_works(&f.err, settings_environment(&f.s, "p", &f.env, &f.err));
	assert_int_equal(f.env.nr_shared, 1);
	assert_string_equal(f.env.shared[0].path, "z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_a_full_file),
		cmocka_unit_test(test_hooks),
		cmocka_unit_test(test_build_settings),
		cmocka_unit_test(test_git_config_lies_over_the_file),
		cmocka_unit_test(test_git_config_alone),
		cmocka_unit_test(test_which_environment),
		cmocka_unit_test(test_no_such_environment),
		cmocka_unit_test(test_environments_are_listed),
		cmocka_unit_test(test_other_sections),
		cmocka_unit_test(the_command_line_replaces_a_list),
	};

	unsetenv("GIT_RELEASE_ENV");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
