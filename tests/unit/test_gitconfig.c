#include "common/base/base.h"
#include "tests/unit/unit.h"

#include "common/git/config.h"
#include "common/sys/proc.h"
#include "common/text/gitconfig.h"

/* What "git config -z --list" would print. */
static void print(const struct gitconfig *gc, struct strbuf *out)
{
	for (size_t i = 0; i < gc->nr; i++) {
		const struct gitconfig_entry *e = &gc->entries[i];

		strbuf_addf(out, "%s%s%s.%s", e->section, e->sub ? "." : "",
			    e->sub ? e->sub : "", e->name);
		if (e->value)
			strbuf_addf(out, "\n%s", e->value);
		strbuf_addch(out, '\0');
	}
}

static char file[] = "/tmp/test_gitconfig.XXXXXX";

static int make_file(void **state UNUSED)
{
	int fd = mkstemp(file);

	return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state UNUSED)
{
	return unlink(file);
}

static int ask_git(const char *data, size_t len, struct strbuf *out)
{
	AUTO_STRVEC struct strvec argv = STRVEC_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	AUTO_FD int fd = open(file, O_WRONLY | O_TRUNC | O_CLOEXEC);
	int status = -1;

	assert_int_equal(write(fd, data, len), len);
	strvec_pushl(&argv, "sh", "-c",
		     "exec git config -f \"$1\" -z --list 2>/dev/null", "sh",
		     file, NULL);
	assert_works(&err, proc_capture(&argv, out, &status, &err));
	return status;
}

static void same_as_git(const char *data, size_t len)
{
	AUTO_STRBUF struct strbuf want = STRBUF_INIT, got = STRBUF_INIT;
	AUTO_GITCONFIG struct gitconfig gc = GITCONFIG_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	int status = ask_git(data, len, &want);
	int ret = gitconfig_parse(data, len, "f", &gc, &err);

	if (!status != !ret)
		fail_msg("git exits %d, we say '%s' for: %.*s", status,
			 err.msg.buf, (int)len, data);
	if (ret)
		return;
	print(&gc, &got);
	if (want.len != got.len || memcmp(want.buf, got.buf, got.len))
		fail_msg("git and we differ on: %.*s", (int)len, data);
}

static void test_same_as_git_on_picked_files(void **state UNUSED)
{
	static const char *const files[] = {
		"",
		"# nothing\n; here\n",
		"\xef\xbb\xbf[a]\nb = c\n",
		"\xef\xbb[a]\nb = c\n",
		"\n\xef\xbb\xbf[a]\nb = c\n",
		"[A]\nB = C\n[a]\nb = d",
		"[a \"B c\"]\n\tKey-1 = x\n",
		"[a \"q\\\"\\\\\\t]\"] x = 1",
		"[a \"\"]\nx = 1\n",
		"[a.B]\nx = 1\n[a.b \"C.d\"]\ny\n[.x]\nk\n[a.]\nk\n",
		"[ \"x\"]\ny\n",
		"[]\ny\n",
		"[a]\r\nb = c\r\nd = \"e f\"\r\nflag\r\n",
		"[a]\rx=1\n",
		"[a]x\r=1\n",
		"[a]\nb = c \\\n  d\\\n  e # f \\\ng = h\n",
		"[a]\nb = c \\\r\nd\r\n",
		"[a]\nb = x\\",
		"[a]\nb = \\\\ \\\" \\n \\t \\b \"  in  \"  out  ; rest\n",
		"[a]\nb = \"x # y ; z\"#c\n[b]c=\"\"  d\n",
		"[a]\nb =   \nc=\nd\n  =x\n",
		"[a]\nb=\nc=\"\"\nd ; comment\n",
		"[a]\nb\n# c\nd  \n",
		"[a]\nb = \\x\n",
		"[a]\nb = \"open\n\"",
		"[a]\nb = \"open",
		"[a\nb=c\n",
		"[a",
		"[a \"b]\nc=d\n",
		"[a \"b\\\n\"]\nc=d\n",
		"[a \n\"b\"]\n",
		"[a b]\n",
		"[a \"b\" ]\n",
		"[a_b]\n",
		"[a] [b] c = d [e]\n",
		"[a]\n1b = c\n",
		"[a]\nb_c = d\n",
		"[a]\nb.c = d\n",
		"[a]\nb c\n",
		"[a]\n= c\n",
		"[a]\nb = =c==\n",
		"[a]\n\xc3\xa9 = 1\n",
		"[a \"\xc3\xa9\xff\"]\nx = \xc3\xa9\xff\x01\n",
		"[a]\nx = \"a\\\n  b\"\n",
		"[a]\nx = a\v b\f\n",
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		same_as_git(files[i], strlen(files[i]));
}

static uint32_t draw(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* Blanks are spaces only: older versions of git turn others into spaces. */
static void test_same_as_git_on_made_files(void **state UNUSED)
{
	static const char *const parts[] = {
		"\n",  "\n",	  "\r\n", " ",	 "=",	  "\"",
		"\\",  "#",	  ";",	  "[a]", "[b \"", "]",
		"key", "Name = ", "x y",  "\\n", "\\\"",  "\xc3\xa9",
		".",   "\nk = ",  "\" ",  "\\\n"
	};
	uint32_t seed = 20260820;

	for (int i = 0; i < 300; i++) {
		AUTO_STRBUF struct strbuf sb = STRBUF_INIT;
		uint32_t nr = draw(&seed) % 14;

		strbuf_addstr(&sb, "[s]\nk = ");
		while (nr--)
			strbuf_addstr(&sb,
				      parts[draw(&seed) % ARRAY_SIZE(parts)]);
		same_as_git(sb.buf, sb.len);
	}
}

static void test_lines(void **state UNUSED)
{
	static const char data[] = "# top\n"
				   "[a]\n"
				   "one = x \\\n"
				   "  y\n"
				   "two\n"
				   "\r\n"
				   "[b \"c\"] three = \"z\"\n"
				   "four = 4";
	static const unsigned int lines[] = { 3, 5, 7, 8 };
	static const unsigned int sections[] = { 2, 2, 7, 7 };
	AUTO_GITCONFIG struct gitconfig gc = GITCONFIG_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	assert_works(&err, gitconfig_parse(data, strlen(data), "f", &gc, &err));
	assert_int_equal(gc.nr, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(gc.entries[i].line, lines[i]);
		assert_int_equal(gc.entries[i].section_line, sections[i]);
	}
}

static void test_blanks_are_kept(void **state UNUSED)
{
	static const char data[] = "[a]\nb = \t x\t y \t # z\n";
	AUTO_GITCONFIG struct gitconfig gc = GITCONFIG_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	assert_works(&err, gitconfig_parse(data, strlen(data), "f", &gc, &err));
	assert_string_equal(gc.entries[0].value, "x\t y");
}

static void refuses(const char *data, size_t len, const char *message)
{
	AUTO_GITCONFIG struct gitconfig gc = GITCONFIG_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	assert_fails_with(&err, ERR_FAILED,
			  gitconfig_parse(data, len, ".gitrelease", &gc, &err));
	assert_string_equal(err.msg.buf, message);
	assert_int_equal(gc.nr, 0);
}

#define REFUSES(data, message) refuses(data, sizeof(data) - 1, message)

static void test_errors_name_the_line(void **state UNUSED)
{
	REFUSES("[a]\n\nb = \"c\n", ".gitrelease:3: a quote has no end");
	REFUSES("[a]\nb = \\q\n", ".gitrelease:2: unknown escape in a value");
	REFUSES("\n[a b]\n",
		".gitrelease:2: a subsection must be in double quotes");
	REFUSES("[a]\nb c\n",
		".gitrelease:2: expected '=' behind the name of a key");
	REFUSES("[a]\n\n?\n", ".gitrelease:3: expected a section or a key");
	REFUSES("\nb = c\n", ".gitrelease:2: a key stands before any section");
	REFUSES("[a]\nb = c\0d\n", ".gitrelease:2: there is a NUL byte");
	REFUSES("[a", ".gitrelease:1: the section header has no end");
}

static void test_size_is_bounded(void **state UNUSED)
{
	AUTO_STRBUF struct strbuf sb = STRBUF_INIT;

	strbuf_grow(&sb, GITCONFIG_MAX + 1);
	while (sb.len <= GITCONFIG_MAX)
		strbuf_addch(&sb, '\n');
	refuses(sb.buf, sb.len, ".gitrelease: is larger than 1048576 bytes");
}

static void test_bool(void **state UNUSED)
{
	bool b = false;

	assert_int_equal(gitconfig_bool(NULL, &b), 0);
	assert_true(b);
	assert_int_equal(gitconfig_bool("", &b), 0);
	assert_false(b);
	assert_int_equal(gitconfig_bool("On", &b), 0);
	assert_true(b);
	assert_int_equal(gitconfig_bool("0", &b), 0);
	assert_false(b);
	assert_int_equal(gitconfig_bool("maybe", &b), -1);
}

static void test_config_of_git(void **state UNUSED)
{
	AUTO_CONFIG struct config cfg = CONFIG_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	const struct config_entry *e;

	setenv("GIT_CONFIG_COUNT", "3", 1);
	setenv("GIT_CONFIG_KEY_0", "Test.a.B.Key", 1);
	setenv("GIT_CONFIG_VALUE_0", "one", 1);
	setenv("GIT_CONFIG_KEY_1", "test.a.B.key", 1);
	setenv("GIT_CONFIG_VALUE_1", "two\nlines", 1);
	setenv("GIT_CONFIG_KEY_2", "test.key", 1);
	setenv("GIT_CONFIG_VALUE_2", "", 1);
	assert_works(&err, config_load(&cfg, &err));
	unsetenv("GIT_CONFIG_COUNT");

	assert_string_equal(config_get(&cfg, "test", "a.B", "KEY"),
			    "two\nlines");
	assert_string_equal(config_get(&cfg, "test", NULL, "key"), "");
	assert_null(config_get(&cfg, "test", "a.b", "key"));
	assert_null(config_get(&cfg, "test", "a", "key"));
	assert_null(config_get(&cfg, "test", "", "key"));
	e = config_next(&cfg, NULL, "test", "a.B", "key");
	assert_string_equal(e->value, "one");
	assert_string_equal(e->origin, "command line");
	e = config_next(&cfg, e, "test", "a.B", "key");
	assert_null(config_next(&cfg, e, "test", "a.B", "key"));
}

static void test_config_bytes(void **state UNUSED)
{
	static const char good[] = "file:.git/config\0a.b\0file:x\0c.d\ne\0";
	AUTO_CONFIG struct config cfg = CONFIG_INIT, none = CONFIG_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	assert_works(&err, config_parse(&cfg, good, sizeof(good) - 1, &err));
	assert_int_equal(cfg.nr, 2);
	assert_string_equal(config_get(&cfg, "a", NULL, "b"), "true");
	assert_string_equal(cfg.entries[1].origin, "file:x");
	assert_fails_with(&err, ERR_FAILED,
			  config_parse(&none, good, sizeof(good) - 3, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_as_git_on_picked_files),
		cmocka_unit_test(test_same_as_git_on_made_files),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_blanks_are_kept),
		cmocka_unit_test(test_errors_name_the_line),
		cmocka_unit_test(test_size_is_bounded),
		cmocka_unit_test(test_bool),
		cmocka_unit_test(test_config_of_git),
		cmocka_unit_test(test_config_bytes),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
