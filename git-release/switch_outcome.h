#ifndef SWITCH_OUTCOME_H
#define SWITCH_OUTCOME_H

#include "git-release/log_lines.h"
#include "git-release/session.h"

/*
 * After the connection was lost with the decision under way, the agent ends
 * its work by itself. Connects anew, waits a little for that end, and looks
 * at what is live.
 */
struct switch_outcome {
	struct session *session;
	const struct host_listener *listener;
	const char *id;	    /* what was to be live */
	const char *before; /* what was; "" for nothing */
};

/*
 * err holds the failure. 0 when id is live and proven after all, with a
 * warning; ERR_UNDONE when what was live still is; else err stays as it is.
 */
int switch_outcome_settle(const struct switch_outcome *o,
			  struct strvec *warnings, struct err *err) MUST_CHECK;

/*
 * The judgement alone: 0, ERR_UNDONE or ERR_UNKNOWN. A release that was live
 * before is "healthy" from that time: only a line of the ledger after the
 * switch proves this one.
 */
int switch_outcome_judge(const struct host_view *view,
			 const struct log_lines *lines, const char *id,
			 const char *before);

#endif
