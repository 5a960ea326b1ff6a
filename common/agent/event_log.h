#ifndef EVENT_LOG_H
#define EVENT_LOG_H

#include "common/agent/agent.h"

/*
 * deployment.log: one readable line per event, for people on the server.
 * Append-only. A line that cannot be written only warns: it may be that the
 * disk is full.
 */
void event_log(struct agent *a, const char *event, const char *id,
	       const char *version, const char *detail);

/*
 * .release/log/<id>, to append to: what the making of that release has to
 * tell, such as all that its hooks print. -1 with errno.
 */
int release_log_open(struct agent *a, const char *id);

#endif
