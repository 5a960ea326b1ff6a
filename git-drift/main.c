#include "common/base/base.h"
#include "common/ui/program.h"
#include "git-drift/drift.h"
#include "git-drift/drift_words.h"

const char *const drift_usage[] = {
	"git drift [<options>] [<baseline>] [<commit>]",
	"git drift <command> [<options>] [<arguments>]", "",
	"commands: check predict baseline between; each of them answers -h", NULL
};

static const struct program_verb verbs[] = {
	{ "check", cmd_check },	      { "predict", cmd_predict },
	{ "baseline", cmd_baseline }, { "between", cmd_between },
	{ "schema", NULL },	      { "vendor-migrations", NULL },
};

int main(int argc, char **argv)
{
	static const struct program program = {
		.name = "drift",
		.verbs = verbs,
		.nr = ARRAY_SIZE(verbs),
		.main_job = cmd_drift,
		.words = drift_words,
	};

	return program_main(&program, argc, argv);
}
