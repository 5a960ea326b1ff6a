#include "common/base/base.h"
#include "common/ui/program.h"
#include "git-drift/drift.h"

const char *const drift_usage[] = {
	"git drift [<options>] [<baseline>] [<commit>]",
	"git drift <command> [<options>] [<arguments>]", NULL
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
	};

	return program_main(&program, argc, argv);
}
