#include "common/base/base.h"
#include "git-release/cmd_switch.h"
#include "git-release/release.h"

static const char *const usage[] = {
	"git release activate [--to <env>] [<options>] <release>|<version>", "",
	"switches to a release that is on the server already", NULL
};

int cmd_activate(int argc, char **argv)
{
	const struct switch_words words = {
		.usage = usage,
		.doing = "Activating on",
		.done = "Activated",
	};

	return cmd_switch(argc, argv, &words);
}
