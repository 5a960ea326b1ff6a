#include "common/base/base.h"
#include "common/ui/opts.h"
#include "common/ui/report.h"
#include "git-drift/cmd_delta.h"
#include "git-drift/drift.h"
#include "git-drift/revision.h"
#include "git-drift/vendor_baseline.h"

static void warn(const struct vendor_baseline *b, const char *commit)
{
	if (b->reachable)
		return;
	report_warning("'%s' is not in the history of '%s': it is only the "
		       "newest by version",
		       b->name, commit);
	report_hint("name the baseline: git drift <baseline>");
}

static int show(const struct cmd_delta *how, const char *baseline,
		const char *commit)
{
	AUTO_DRIFT_SESSION struct drift_session s = DRIFT_SESSION_INIT;
	AUTO_VENDOR_BASELINE struct vendor_baseline b = VENDOR_BASELINE_INIT;
	struct delta_sides sides = { .is_drift = true };
	AUTO_ERR struct err err = ERR_INIT;
	struct baseline_query q = { .revision = baseline,
				    .head = &sides.new.commit };

	sides.new.name = commit ? commit : "HEAD";
	if (drift_session_open(&s, &err) < 0 ||
	    drift_session_commit(&s, commit, &sides.new.commit, &err) < 0)
		return report_failure(&err);
	q.pattern = s.settings.baseline;
	if (vendor_baseline_find(s.repo, &q, &b, &err) < 0 ||
	    commit_tree(s.repo, &sides.new.commit, &sides.new.tree, &err) < 0)
		return report_failure(&err);
	warn(&b, sides.new.name);
	sides.old = (struct delta_side){ .name = b.name,
					 .version = b.version,
					 .commit = b.commit,
					 .tree = b.tree };
	return cmd_delta_show(how, &s, &sides);
}

int cmd_drift(int argc, char **argv)
{
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
	if (how.json && how.nul)
		return opts_usage_error(drift_usage, options,
					"--json does not go with -z");
	return show(&how, argc ? argv[0] : NULL, argc > 1 ? argv[1] : NULL);
}
