#ifndef SESSION_REACH_H
#define SESSION_REACH_H

#include "common/model/records_sync.h"
#include "git-release/session.h"

/*
 * Connects to the server of the session's environment: host_open() with
 * target and who filled in; session_target() comes before. The request must
 * live as long as the host does.
 */
int session_reach(struct session *s, struct host_request *req, struct host **out,
		  struct host_view *view, struct err *err) MUST_CHECK;

/* The same, only to look: nothing on the server is written. */
int session_look(struct session *s, const struct host_listener *listener,
		 struct host **out, struct host_view *view,
		 struct err *err) MUST_CHECK;

/* Whether the remote whose records count is set up in this repository. */
bool session_has_remote(const struct session *s);

#endif
