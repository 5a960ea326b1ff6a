#include "common/base/base.h"
#include "common/ui/opts.h"
#include "common/ui/report.h"
#include "git-release/branch-sync/branch_sync.h"

static const char *const usage[] = { "git branch-sync [<branch>...]", NULL };

int cmd_branch_sync(int argc, char **argv)
{
	const struct opt options[] = { OPT_END() };
	enum opts_result parsed = opts_parse(&argc, argv, options, usage);

	if (parsed)
		return opts_exit_status(parsed);
	report_fatal("'git branch-sync' is not available yet");
	return 128;
}
