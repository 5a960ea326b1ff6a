#include "common/base/base.h"
#include "common/model/settings_keys.h"
#include "common/sys/fault.h"
#include "common/ui/opts.h"
#include "common/ui/report.h"
#include "git-release/completion.h"
#include "git-release/release.h"

const char *const release_usage[] = {
	"git release [--to <env>] [<options>] <version>",
	"git release <command> [<options>] [<arguments>]",
	"",
	"commands: init build activate rollback status list log show verify",
	"          prune; each of them answers -h",
	NULL
};

/* A verb without a function is known and not available yet. */
struct verb {
	const char *name;
	opt_fn *fn;
};

static const struct verb verbs[] = { { "init", cmd_init },
				     { "build", cmd_build },
				     { "activate", cmd_activate },
				     { "rollback", cmd_rollback },
				     { "status", cmd_status },
				     { "list", cmd_list },
				     { "log", cmd_log },
				     { "show", cmd_show },
				     { "verify", cmd_verify },
				     { "prune", cmd_prune },
				     { "pending", NULL },
				     { "preflight", NULL },
				     { "harden", NULL },
				     { "monitor", NULL },
				     { "tag", NULL },
				     { "record", NULL },
				     { "attach", NULL },
				     { "report", NULL },
				     { "migrations", NULL },
				     { "restore-db", NULL },
				     { "seed-db", NULL },
				     { "governance", NULL } };

/* What "git release <version>" runs. */
static const struct verb main_job = { "", cmd_release };

const char *const *release_verbs(void)
{
	static const char *names[ARRAY_SIZE(verbs) + 1];

	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		names[i] = verbs[i].name;
	return names;
}

/* The first word picks the verb; it wins over a version of the same name. */
static const struct verb *find_verb(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(verbs[i].name, word))
			return &verbs[i];
	return NULL;
}

static int not_available(const char *name)
{
	report_fatal("'git release%s%s' is not available yet", *name ? " " : "",
		     name);
	return 128;
}

/* git-extras has a "git release" as well. */
static int print_version(void)
{
	printf("git-release (git-native release tools) %s\n", release_version);
	return 0;
}

/* "git release --completion <what>", for the shells' completions. */
static int print_completion(int argc, char **argv)
{
	AUTO_STRVEC struct strvec words = STRVEC_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	if (argc == 3 && !strcmp(argv[2], "verbs")) {
		for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
			if (verbs[i].fn)
				strvec_push(&words, verbs[i].name);
	} else if (completion_words(argc == 3 ? argv[2] : "", &words, &err) < 0) {
		return report_failure(&err);
	}
	for (size_t i = 0; i < words.nr; i++)
		puts(words.v[i]);
	return 0;
}

/* "git release --config-keys", for the lint against the manual. */
static int print_config_keys(void)
{
	size_t nr;
	const struct settings_key *keys = settings_key_list(&nr);

	for (size_t i = 0; i < nr; i++)
		printf("%s.%s\n", keys[i].section, keys[i].name);
	return 0;
}

/* Nothing was said and nothing is set up: say how to begin. */
static int explain_init(void)
{
	AUTO_STRVEC struct strvec environments = STRVEC_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	if (completion_words("environments", &environments, &err) < 0)
		return report_failure(&err);
	if (environments.nr) {
		report_error("which version? for example: git release v1.0.0");
		return OPTS_USAGE;
	}
	err_set(&err, ERR_FAILED, "no environment is configured here");
	err_hint(&err, "say where this project is released to, once:\n"
		       "  git release init <url> [<env>]\n"
		       "<url> is ssh://user@host/path, host:path or a local "
		       "directory.");
	return report_failure(&err);
}

static int run_main_job(int argc, char **argv)
{
	const struct opt none[] = { OPT_END() };
	enum opts_result parsed;

	if (main_job.fn)
		return main_job.fn(argc, argv);
	parsed = opts_parse(&argc, argv, none, release_usage);
	return parsed ? opts_exit_status(parsed) : not_available("");
}

static int run(int argc, char **argv)
{
	const struct verb *verb;

	if (argc < 2)
		return explain_init();
	if (!strcmp(argv[1], "--version"))
		return print_version();
	if (!strcmp(argv[1], "--completion"))
		return print_completion(argc, argv);
	if (!strcmp(argv[1], "--config-keys"))
		return print_config_keys();
	verb = find_verb(argv[1]);
	if (!verb)
		return run_main_job(argc, argv);
	return verb->fn ? verb->fn(argc - 1, argv + 1)
			: not_available(verb->name);
}

/* A closed descriptor 0, 1 or 2 would be given to the next file opened. */
static bool open_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (fd >= 0 && fd <= 2 && fcntl(fd, F_SETFD, 0) == 0);
	if (fd > 2)
		close_quietly(fd);
	return fd > 2;
}

int main(int argc, char **argv)
{
	if (!open_standard_descriptors() || argc < 1)
		return 128;
	fault_init("client");
	return report_finish_stdout(run(argc, argv));
}
