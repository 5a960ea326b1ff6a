#include "common/base/base.h"
#include "git-release/switch_outcome.h"

#include "common/sys/fault.h"
#include "common/sys/signals.h"
#include "git-release/session_reach.h"

#include <poll.h>

#define LOOKS	   20
#define BETWEEN_MS fault_wait("GIT_RELEASE_LOOK_MS", 500)
#define LINES	   200

int switch_outcome_judge(const struct host_view *view,
			 const struct log_lines *lines, const char *id,
			 const char *before)
{
	if (!strcmp(view->live, id) && log_lines_proven(lines, id))
		return 0;
	/* Somebody holds the lock: the agent we lost may not be done. */
	if (*view->lock)
		return ERR_UNKNOWN;
	return !strcmp(view->live, before) && strcmp(before, id) != 0
		       ? ERR_UNDONE
		       : ERR_UNKNOWN;
}

/* False when there is no use in looking again. */
static bool look(const struct switch_outcome *o, int *judged)
{
	AUTO_HOST_VIEW struct host_view view = { 0 };
	AUTO_ERR struct err err = ERR_INIT;
	AUTO_LOG_LINES struct log_lines lines = LOG_LINES_INIT;
	AUTO_HOST struct host *host = NULL;

	if (session_look(o->session, o->listener, &host, &view, &err) < 0 ||
	    log_lines_ask(host, LINES, &lines, &err) < 0)
		return false;
	*judged = switch_outcome_judge(&view, &lines, o->id, o->before);
	return *judged == ERR_UNKNOWN && *view.lock;
}

int switch_outcome_settle(const struct switch_outcome *o,
			  struct strvec *warnings, struct err *err)
{
	int judged = ERR_UNKNOWN;

	if (signals_repeated())
		return err->code; /* they will not wait for that either */
	for (int i = 0; look(o, &judged) && i < LOOKS; i++)
		(void)poll(NULL, 0, BETWEEN_MS);
	if (!judged) {
		strvec_pushf(warnings, "%s; looked again: release %s is live",
			     err->msg.buf, o->id);
		err_release(err);
	} else if (judged == ERR_UNDONE) {
		err_prefix(err, "what was live before still is");
		err->code = ERR_UNDONE;
		strbuf_reset(&err->hint);
	}
	return err->code;
}
