#include "common/base/base.h"
#include "common/ui/opts.h"
#include "common/ui/report.h"
#include "git-drift/drift.h"

int cmd_drift(int argc, char **argv)
{
	const struct opt options[] = { OPT_END() };
	enum opts_result parsed = opts_parse(&argc, argv, options, drift_usage);

	if (parsed)
		return opts_exit_status(parsed);
	report_fatal("'git drift' is not available yet");
	return 128;
}
