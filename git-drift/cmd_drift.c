#include "common/base/base.h"
#include "common/ui/opts.h"
#include "common/ui/report.h"
#include "git-drift/cmd_versus.h"
#include "git-drift/drift.h"

int cmd_drift(int argc, char **argv)
{
	AUTO_VERSUS struct cmd_versus v = CMD_VERSUS_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	struct cmd_delta how = { 0 };
	const struct opt options[] = {
		OPT_OPTIONAL_NEXT(
			'o', "output", &how.output, "file", "",
			"write to a file, or where drift.output says"),
		CMD_DELTA_OPTIONS(&how), OPT_END()
	};
	enum opts_result parsed = opts_parse(&argc, argv, options, drift_usage);

	if (parsed)
		return opts_exit_status(parsed);
	if (argc > 2)
		return opts_usage_error(drift_usage, options,
					"too many arguments");
	if (how.json && (how.nul || (how.html && !*how.html)))
		return opts_usage_error(drift_usage, options,
					"--json goes with neither -z nor "
					"--html without a file");
	if (cmd_versus_open(&v, argc ? argv[0] : NULL,
			    argc > 1 ? argv[1] : NULL, &err) < 0)
		return report_failure(&err);
	return cmd_delta_show(&how, &v.session, &v.sides);
}
