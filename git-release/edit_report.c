#include "common/base/base.h"
#include "git-release/edit_report.h"

/* More than any agent tells. */
#define PATHS_MAX 10000

void edit_report_release(struct edit_report *r)
{
	strvec_release(&r->paths);
	*r = (struct edit_report)EDIT_REPORT_INIT;
}

static bool is_edit(const char *text)
{
	return *text && strchr("MAD?", *text) && text[1] == ' ' && text[2];
}

static int take_paths(struct edit_report *r, const struct message *reply,
		      struct err *err)
{
	const char *text;
	size_t at = 0;

	while ((text = message_next(reply, "edit", &at))) {
		if (!is_edit(text) || r->paths.nr >= PATHS_MAX)
			return err_set(err, ERR_FAILED,
				       "the agent's list of edited files is "
				       "not in order");
		strvec_push(&r->paths, text);
	}
	if (r->paths.nr > r->nr)
		return err_set(err, ERR_FAILED,
			       "the agent lists more edited files than there "
			       "are");
	return 0;
}

int edit_report_take(struct edit_report *r, const struct message *reply,
		     struct err *err)
{
	AUTO_EDIT_REPORT struct edit_report taken = EDIT_REPORT_INIT;
	const char *guard = message_get(reply, "guard");

	if (!guard)
		return 0;
	if (message_u64(reply, "edits", &taken.nr, err) < 0 ||
	    take_paths(&taken, reply, err) < 0)
		return err->code;
	taken.told = true;
	taken.compared = !strcmp(guard, "compared");
	*r = taken;
	taken = (struct edit_report)EDIT_REPORT_INIT;
	return 0;
}
