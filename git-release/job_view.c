#include "common/base/base.h"
#include "git-release/job_view.h"

const char *told_phase(const char *text, const char **rest)
{
	static const char *const names[] = { "ship",   "link", "pre",
					     "mid",    "post", "activate",
					     "cleanup" };
	size_t len = strcspn(text, " ");

	*rest = text[len] ? text + len + 1 : "";
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strlen(names[i]) == len && !strncmp(text, names[i], len))
			return names[i];
	return NULL;
}
