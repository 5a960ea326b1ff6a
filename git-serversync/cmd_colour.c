#include "common/base/base.h"
#include "git-serversync/cmd_colour.h"

bool cmd_colour_wanted(const struct config *cfg)
{
	const struct colour_env stream = {
		.setting = config_get(cfg, "color", NULL, "ui"),
		.tty = isatty(STDOUT_FILENO),
	};

	return colour_wanted(&stream);
}

const char *cmd_colour(const struct config *cfg, enum colour c)
{
	return colour_code(cmd_colour_wanted(cfg), c);
}
