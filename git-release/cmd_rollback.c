#include "common/base/base.h"
#include "git-release/cmd_switch.h"
#include "git-release/release.h"

static const char *const usage[] = {
	"git release rollback [--to <env>] [<options>] [<release>|<version>]",
	"", "switches to the good release that was live before, or to the one named",
	NULL
};

int cmd_rollback(int argc, char **argv)
{
	const struct switch_words words = {
		.usage = usage,
		.rollback = true,
		.doing = "Rolling back",
		.done = "Rolled back to",
	};

	return cmd_switch(argc, argv, &words);
}
