#include "common/base/base.h"
#include "common/ui/opts.h"
#include "common/ui/report.h"
#include "git-serversync/serversync.h"

static const char *const usage[] = {
	"git serversync audit [<options>] [<environment>]",
	"git serversync <command> [<options>] [<arguments>]",
	"",
	"what happened on a server comes back as a review; audit tells whether",
	"that would lose anything (a capture itself is not available yet)",
	NULL
};

int cmd_serversync(int argc, char **argv)
{
	const struct opt options[] = { OPT_SOON("no-push"),
				       OPT_SOON("no-review"),
				       OPT_SOON("delete"),
				       OPT_SOON("max-delete"),
				       OPT_SOON("base"),
				       OPT_SOON("update"),
				       OPT_SOON("dry-run"),
				       OPT_SOON("json"),
				       OPT_END() };
	enum opts_result parsed = opts_parse(&argc, argv, options, usage);

	if (parsed)
		return opts_exit_status(parsed);
	report_fatal("'git serversync <environment>' is not available yet");
	report_hint("git serversync audit");
	return OPTS_SOON;
}
