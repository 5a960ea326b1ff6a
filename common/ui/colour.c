#include "common/base/base.h"
#include "common/ui/colour.h"

static bool env_set(const char *name)
{
	const char *v = getenv(name);

	return v && *v;
}

/* As git reads booleans; anything else counts as "auto". */
static bool is_off(const char *s)
{
	static const char *const off[] = { "never", "false", "no", "off", "0" };

	for (size_t i = 0; i < ARRAY_SIZE(off); i++)
		if (!strcasecmp(s, off[i]))
			return true;
	return false;
}

bool colour_wanted(const struct colour_env *env)
{
	const char *setting = env->setting ? env->setting : "auto";
	const char *term = getenv("TERM");

	if (!strcasecmp(setting, "always"))
		return true;
	if (is_off(setting) || env_set("NO_COLOR"))
		return false;
	if (env_set("GIT_PAGER_IN_USE"))
		return true;
	return env->tty && term && strcmp(term, "dumb") != 0;
}

const char *colour_code(bool on, enum colour c)
{
	static const char *const codes[] = {
		[COLOUR_RESET] = "\033[m",    [COLOUR_GOOD] = "\033[32m",
		[COLOUR_BAD] = "\033[31m",    [COLOUR_NOTICE] = "\033[33m",
		[COLOUR_HEADING] = "\033[1m", [COLOUR_FAINT] = "\033[2m"
	};

	return on ? codes[c] : "";
}
