#include "common/base/base.h"
#include "common/model/settings_keys.h"
#include "common/ui/opts.h"
#include "common/ui/program.h"
#include "common/ui/report.h"
#include "git-release/completion.h"
#include "git-release/release.h"

const char *const release_usage[] = {
	"git release [--to <env>] [<options>] <version>",
	"git release <command> [<options>] [<arguments>]",
	"",
	"commands: init build activate rollback status list log show verify",
	"          prune pending tag record; each of them answers -h",
	NULL
};

static const struct program_verb verbs[] = {
	{ "init", cmd_init },	      { "build", cmd_build },
	{ "activate", cmd_activate }, { "rollback", cmd_rollback },
	{ "status", cmd_status },     { "list", cmd_list },
	{ "log", cmd_log },	      { "show", cmd_show },
	{ "verify", cmd_verify },     { "prune", cmd_prune },
	{ "pending", cmd_pending },   { "preflight", NULL },
	{ "harden", NULL },	      { "monitor", NULL },
	{ "tag", cmd_tag },	      { "record", cmd_record },
	{ "attach", NULL },	      { "report", NULL },
	{ "migrations", NULL },	      { "restore-db", NULL },
	{ "seed-db", NULL },	      { "governance", NULL },
};

const char *const *release_verbs(void)
{
	static const char *names[ARRAY_SIZE(verbs) + 1];

	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		names[i] = verbs[i].name;
	return names;
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

static int special(int argc, char **argv)
{
	return argc > 1 && !strcmp(argv[1], "--config-keys")
		       ? print_config_keys()
		       : -1;
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

static int main_job(int argc, char **argv)
{
	return argc < 2 ? explain_init() : cmd_release(argc, argv);
}

int main(int argc, char **argv)
{
	static const struct program program = {
		.name = "release",
		.verbs = verbs,
		.nr = ARRAY_SIZE(verbs),
		.main_job = main_job,
		.words = completion_words,
		.special = special,
	};

	return program_main(&program, argc, argv);
}
