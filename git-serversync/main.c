#include "common/base/base.h"
#include "common/ui/program.h"
#include "git-serversync/capture_names.h"
#include "git-serversync/serversync.h"
#include "git-serversync/serversync_settings.h"

static const struct program_verb verbs[] = {
	{ "audit", cmd_audit },
	{ "check", cmd_check },
	{ "reject", cmd_reject },
};

static int words(const char *what, struct strvec *out, struct err *err)
{
	if (!strcmp(what, "environments"))
		return serversync_environments(out, err);
	if (!strcmp(what, "captures"))
		return capture_names(out, err);
	return err_set(err, ERR_USAGE,
		       "--completion needs verbs, environments or captures");
}

int main(int argc, char **argv)
{
	static const struct program program = {
		.name = "serversync",
		.verbs = verbs,
		.nr = ARRAY_SIZE(verbs),
		.main_job = cmd_serversync,
		.words = words,
	};

	return program_main(&program, argc, argv);
}
