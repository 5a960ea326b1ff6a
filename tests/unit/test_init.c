#include "common/base/base.h"
#include "tests/unit/repo_fixture.h"
#include "common/text/gitconfig.h"
#include "git-release/init_text.h"

static enum project_kind detect(struct repo_fixture *f, const char *dir)
{
	AUTO_FD int fd = openat(f->fd, dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO_ERR struct err err = ERR_INIT;
	struct project p;

	assert_works(&err, project_detect(fd, &p, &err));
	return p.kind;
}

static void projects_are_told_by_their_files(void **state)
{
	struct repo_fixture *f = *state;

	fixture_put(f, "plain/index.html", "x");
	assert_int_equal(detect(f, "plain"), PROJECT_PLAIN);
	fixture_put(f, "laravel/artisan", "x");
	fixture_put(f, "laravel/composer.json",
		    "{\"require\":{\"laravel/framework\":\"^11\"}}");
	assert_int_equal(detect(f, "laravel"), PROJECT_LARAVEL);
	/* A package for Laravel has no artisan of its own. */
	fixture_put(f, "package/composer.json",
		    "{\"require\":{\"laravel/framework\":\"^11\"}}");
	assert_int_equal(detect(f, "package"), PROJECT_PLAIN);
	fixture_put(f, "node/package.json", "{\"scripts\":{\"build\":\"x\"}}");
	assert_int_equal(detect(f, "node"), PROJECT_NODE);
	fixture_put(f, "tools/package.json", "{\"scripts\":{\"test\":\"x\"}}");
	assert_int_equal(detect(f, "tools"), PROJECT_PLAIN);
	fixture_put(f, "broken/package.json", "{\"scripts\":{\"build\":");
	assert_int_equal(detect(f, "broken"), PROJECT_PLAIN);
}

/* What the parser makes of the last value of a key. */
static char *read_back(const struct strbuf *text, const char *sub,
		       const char *name)
{
	AUTO_GITCONFIG struct gitconfig gc = GITCONFIG_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	assert_works(&err, gitconfig_parse(text->buf, text->len, "x", &gc, &err));
	for (size_t i = gc.nr; i--;)
		if (!strcmp(gc.entries[i].name, name) && gc.entries[i].sub &&
		    !strcmp(gc.entries[i].sub, sub))
			return xstrdup(gc.entries[i].value);
	return NULL;
}

static void values_come_back_as_they_were(void **state UNUSED)
{
	static const char *const values[] = { "/srv/app",  "a b",  " lead",
					      "trail ",	   "a#b",  "a;b",
					      "say \"x\"", "a\\b", "\t",
					      "tab\tx",	   "" };

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		AUTO_STRBUF struct strbuf text = STRBUF_INIT;
		AUTO_FREE char *got = NULL;

		init_text_append(&text, "staging", values[i]);
		got = read_back(&text, "staging", "url");
		assert_string_equal(got, values[i]);
	}
}

static void appending_keeps_what_is_there(void **state UNUSED)
{
	static const char before[] = "[release \"a\"]\n\turl = x ; y";
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	AUTO_FREE char *got = NULL;

	strbuf_addstr(&text, before);
	init_text_append(&text, "b", "/srv/b");
	assert_memory_equal(text.buf, before, strlen(before));
	got = read_back(&text, "a", "url");
	assert_string_equal(got, "x");
}

static void every_kind_parses_and_has_its_url(void **state UNUSED)
{
	for (int kind = PROJECT_PLAIN; kind <= PROJECT_LARAVEL; kind++) {
		struct project p = { .kind = (enum project_kind)kind,
				     .npm_build = true };
		AUTO_STRBUF struct strbuf text = STRBUF_INIT;
		AUTO_FREE char *got = NULL;

		init_text_file(&text, &p, "production", "web1:/srv");
		got = read_back(&text, "production", "url");
		assert_string_equal(got, "web1:/srv");
	}
}

static void recipes_are_known_later_or_wrong(void **state UNUSED)
{
	AUTO_ERR struct err err = ERR_INIT;
	struct project p = { 0 };

	assert_works(&err, project_set_kind(&p, "laravel", &err));
	assert_int_equal(p.kind, PROJECT_LARAVEL);
	assert_fails_with(&err, ERR_FAILED,
			  project_set_kind(&p, "symfony", &err));
	assert_fails_with(&err, ERR_USAGE, project_set_kind(&p, "\033", &err));
	assert_null(strchr(err.msg.buf, '\033'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(projects_are_told_by_their_files,
						fixture_setup, fixture_teardown),
		cmocka_unit_test(values_come_back_as_they_were),
		cmocka_unit_test(appending_keeps_what_is_there),
		cmocka_unit_test(every_kind_parses_and_has_its_url),
		cmocka_unit_test(recipes_are_known_later_or_wrong),
	};

	return cmocka_run_group_tests_name("init", tests, NULL, NULL);
}
