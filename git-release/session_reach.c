#include "common/base/base.h"
#include "git-release/session_reach.h"

int session_reach(struct session *s, struct host_request *req,
		  struct host **out, struct host_view *view, struct err *err)
{
	req->target = &s->server.target;
	req->who = s->server.who;
	return host_open(req, out, view, err);
}

int session_look(struct session *s, const struct host_listener *listener,
		 struct host **out, struct host_view *view, struct err *err)
{
	struct host_request req = { .listener = listener, .reason = "look" };

	return session_reach(s, &req, out, view, err);
}

bool session_has_remote(const struct session *s)
{
	return config_get(&s->config, "remote", s->env.remote, "url") != NULL;
}
