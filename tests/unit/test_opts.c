#include "common/base/base.h"
#include "common/ui/opts.h"
#include "common/ui/opts_usage.h"
#include "tests/unit/unit.h"

/* Everything the table below fills. */
static struct {
	bool dry_run, no_sync;
	const char *to, *wait;
	uint64_t keep, timeout;
	int verbosity, called;
	struct strvec skip;
} got;

static int take_even(const struct opt *o, const char *value, bool unset,
		     struct err *err)
{
	got.called++;
	if (unset || !strcmp(value, "even"))
		return 0;
	return err_set(err, ERR_USAGE, "must be even in '%s'", o->long_name);
}

static const struct opt table[] = {
	OPT_BOOL('n', "dry-run", &got.dry_run, "show what would be done"),
	OPT_BOOL(0, "no-sync", &got.no_sync, "leave the remote alone"),
	OPT_GROUP("where"),
	OPT_STRING('t', "to", &got.to, "env", "the environment"),
	OPT_OPTIONAL(0, "wait", &got.wait, "time", "", "wait for the lock"),
	OPT_U64('k', "keep", &got.keep, "n", "releases kept"),
	OPT_DURATION(0, "timeout", &got.timeout, "time", "of one hook"),
	OPT_LIST(0, "skip-gate", &got.skip, "name", "do without this gate"),
	OPT_CALLBACK(0, "even", NULL, "x", take_even, "checked"),
	OPT_VERBOSITY(&got.verbosity),
	OPT_END()
};

static const char *const usage[] = { "git test [<options>] <x>", "git test -l",
				     "", "More words.", NULL };

static char *argv_now[32];
static int argc_now;

/* Parses the words, up to a NULL; stderr and stdout are not looked at. */
static enum opts_result parse_with(const struct opt *opts, ...)
{
	va_list ap;
	char *word;

	strvec_release(&got.skip);
	memset(&got, 0, sizeof(got));
	argc_now = 0;
	argv_now[argc_now++] = (char *)"git-test";
	va_start(ap, opts);
	while ((word = va_arg(ap, char *)) &&
	       argc_now + 1 < (int)ARRAY_SIZE(argv_now))
		argv_now[argc_now++] = word;
	va_end(ap);
	argv_now[argc_now] = NULL;
	return opts_parse(&argc_now, argv_now, opts, usage);
}
#define parse(...) parse_with(table, __VA_ARGS__, NULL)

static void test_every_kind(void **state UNUSED)
{
	assert_int_equal(parse("-n", "--to", "web", "--keep=3", "--timeout", "10m",
			       "--wait", "one", "-vv", "-q", "--skip-gate=a",
			       "--skip-gate", "b", "--even", "even"),
			 OPTS_OK);
	assert_true(got.dry_run);
	assert_string_equal(got.to, "web");
	assert_int_equal(got.keep, 3);
	assert_int_equal(got.timeout, 600);
	assert_string_equal(got.wait, "");
	assert_int_equal(got.verbosity, 1);
	assert_int_equal(got.skip.nr, 2);
	assert_string_equal(got.skip.v[1], "b");
	assert_int_equal(got.called, 1);
	assert_int_equal(argc_now, 1);
	assert_string_equal(argv_now[0], "one");
	assert_null(argv_now[1]);
}

static void test_no_forms(void **state UNUSED)
{
	assert_int_equal(parse("-n", "--no-dry-run", "--to=x", "--no-to",
			       "--skip-gate=a", "--no-skip-gate", "--no-sync"),
			 OPTS_OK);
	assert_false(got.dry_run);
	assert_null(got.to);
	assert_int_equal(got.skip.nr, 0);
	assert_true(got.no_sync);

	/* What begins with "no-" is put back without it, as in git. */
	assert_int_equal(parse("--no-sync", "--sync"), OPTS_OK);
	assert_false(got.no_sync);
	assert_int_equal(parse("--no-no-sync"), OPTS_USAGE);
	assert_int_equal(parse("--no-keep"), OPTS_USAGE);
	assert_int_equal(parse("--no-verbose"), OPTS_USAGE);
	assert_int_equal(parse("--no-to=x"), OPTS_USAGE);
}

static void test_abbreviations(void **state UNUSED)
{
	assert_int_equal(parse("--dry"), OPTS_OK);
	assert_true(got.dry_run);
	assert_int_equal(parse("--no-dr", "--ke=4"), OPTS_OK);
	assert_int_equal(got.keep, 4);
	/* "--to" is whole, though "--t" could be two. */
	assert_int_equal(parse("--to=a"), OPTS_OK);
	assert_int_equal(parse("--t=a"), OPTS_USAGE);
	assert_int_equal(parse("--no"), OPTS_USAGE);
	assert_int_equal(parse("--="), OPTS_USAGE);
}

static void test_switches(void **state UNUSED)
{
	assert_int_equal(parse("-nk5", "-tweb"), OPTS_OK);
	assert_true(got.dry_run);
	assert_int_equal(got.keep, 5);
	assert_string_equal(got.to, "web");
	assert_int_equal(parse("-nx"), OPTS_USAGE);
	assert_int_equal(parse("-k"), OPTS_USAGE);
	/* A lone dash is an operand. */
	assert_int_equal(parse("-", "-n"), OPTS_OK);
	assert_int_equal(argc_now, 1);
}

static void test_values(void **state UNUSED)
{
	assert_int_equal(parse("--wait=5m"), OPTS_OK);
	assert_string_equal(got.wait, "5m");
	assert_int_equal(parse("--dry-run=yes"), OPTS_USAGE);
	assert_int_equal(parse("--to"), OPTS_USAGE);
	assert_int_equal(parse("--keep=-1"), OPTS_USAGE);
	assert_int_equal(parse("--keep="), OPTS_USAGE);
	assert_int_equal(parse("--timeout=soon"), OPTS_USAGE);
	assert_int_equal(parse("--even=odd"), OPTS_USAGE);
	assert_int_equal(parse("--to="), OPTS_OK);
	assert_string_equal(got.to, "");
}

static void test_end_of_options(void **state UNUSED)
{
	assert_int_equal(parse("a", "--", "-n", "--", "b"), OPTS_OK);
	assert_false(got.dry_run);
	assert_int_equal(argc_now, 4);
	assert_string_equal(argv_now[1], "-n");
	assert_string_equal(argv_now[2], "--");
	/* "--to --" takes it as the value: nothing else could be meant. */
	assert_int_equal(parse("--to", "--", "-n"), OPTS_OK);
	assert_string_equal(got.to, "--");
	assert_true(got.dry_run);
}

static int first(int argc UNUSED, char **argv UNUSED)
{
	return 0;
}

static void test_subcommands(void **state UNUSED)
{
	opt_fn *fn = NULL;
	const struct opt opts[] = { OPT_SUBCMD("plan", &fn, first, "plan it"),
				    OPT_BOOL('n', "dry-run", &got.dry_run, "x"),
				    OPT_END() };

	assert_int_equal(parse_with(opts, "-n", "plan", "-x", NULL), OPTS_OK);
	assert_ptr_equal(fn, first);
	assert_true(got.dry_run);
	assert_int_equal(argc_now, 2);
	assert_string_equal(argv_now[0], "plan");
	assert_string_equal(argv_now[1], "-x");
	assert_int_equal(parse_with(opts, "pla", NULL), OPTS_USAGE);
}

static void test_help(void **state UNUSED)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	AUTO_STRBUF struct strbuf words = STRBUF_INIT;

	opts_add_usage(&text, table, usage);
	assert_string_equal(text.buf,
			    "usage: git test [<options>] <x>\n"
			    "   or: git test -l\n"
			    "\n"
			    "More words.\n"
			    "\n"
			    "    -n, --dry-run       show what would be done\n"
			    "    --no-sync           leave the remote alone\n"
			    "\n"
			    "where\n"
			    "    -t, --to <env>      the environment\n"
			    "    --wait[=<time>]     wait for the lock\n"
			    "    -k, --keep <n>      releases kept\n"
			    "    --timeout <time>    of one hook\n"
			    "    --skip-gate <name>  do without this gate\n"
			    "    --even <x>          checked\n"
			    "    -q, --quiet         say less\n"
			    "    -v, --verbose       say more\n");
	opts_words(table, &words);
	assert_string_equal(words.buf,
			    "--dry-run --no-sync --to= --wait --keep= "
			    "--timeout= --skip-gate= --even= --quiet "
			    "--verbose");
	assert_int_equal(parse("-h"), OPTS_DONE);
	assert_int_equal(parse("x", "-nh"), OPTS_DONE);
	assert_int_equal(parse("--help"), OPTS_DONE);
	assert_int_equal(parse("--git-completion-helper"), OPTS_DONE);
	assert_int_equal(opts_exit_status(OPTS_DONE), 0);
	assert_int_equal(opts_exit_status(OPTS_USAGE), 129);
}

static void test_hidden(void **state UNUSED)
{
	const struct opt opts[] = { { .type = OPT_T_BOOL,
				      .flags = OPT_F_HIDDEN | OPT_F_NONEG,
				      .long_name = "secret",
				      .value = &got.dry_run },
				    OPT_BOOL(0, "second", &got.no_sync, "shown"),
				    OPT_END() };
	AUTO_STRBUF struct strbuf words = STRBUF_INIT;

	opts_words(opts, &words);
	assert_string_equal(words.buf, "--second");
	assert_int_equal(parse_with(opts, "--se", NULL), OPTS_OK);
	assert_false(got.dry_run);
	assert_int_equal(parse_with(opts, "--secret", NULL), OPTS_OK);
	assert_true(got.dry_run);
	assert_int_equal(parse_with(opts, "--no-secret", NULL), OPTS_USAGE);
}

/* What works is meant first, whichever stands first in the table. */
static void test_soon(void **state UNUSED)
{
	const struct opt opts[] = { OPT_SOON("skip-all"),
				    OPT_LIST(0, "skip-gate", &got.skip, "name",
					     "do without this gate"),
				    OPT_SOON("skip-later"),
				    OPT_SOON("no-cache"), OPT_END() };

	assert_int_equal(parse_with(opts, "--skip=a", NULL), OPTS_OK);
	assert_int_equal(got.skip.nr, 1);
	assert_int_equal(parse_with(opts, "--skip-l", "x", NULL), OPTS_SOON);
	assert_int_equal(parse_with(opts, "--no-skip-all=", NULL), OPTS_SOON);
	assert_int_equal(parse_with(opts, "--cache", "--typo", NULL), OPTS_SOON);
	assert_int_equal(parse_with(opts, "--typo", "--cache", NULL), OPTS_USAGE);
	assert_int_equal(opts_exit_status(OPTS_SOON), 128);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_every_kind),
					    cmocka_unit_test(test_no_forms),
					    cmocka_unit_test(test_abbreviations),
					    cmocka_unit_test(test_switches),
					    cmocka_unit_test(test_values),
					    cmocka_unit_test(test_end_of_options),
					    cmocka_unit_test(test_subcommands),
					    cmocka_unit_test(test_help),
					    cmocka_unit_test(test_hidden),
					    cmocka_unit_test(test_soon) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
