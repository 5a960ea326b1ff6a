#ifndef SERVER_TARGET_H
#define SERVER_TARGET_H

#include "common/git/config.h"
#include "common/git/repo.h"
#include "common/host/host.h"
#include "common/model/environment.h"

/*
 * How to reach the server of an environment, and who we are to it: what every
 * program needs before host_open(). Nothing is contacted here.
 *
 *	struct server_target to = { .target.verbose = ... };
 *	server_target_find(&(struct server_target_request){ ... }, &to, err);
 *	host_open(&(struct host_request){ .target = &to.target,
 *					  .who = to.who, ... }, ...);
 */
struct server_target {
	struct transport_target target; /* borrows from the other fields, the
					   configuration and the environment */
	char *agent;
	char *who;	 /* "user@machine" */
	char *url;	 /* owned form of target.url, or NULL */
	char *place;	 /* for people: the host, or the directory here */
	char *signature; /* "Name <mail>", "" when git knows none */
};
#define SERVER_TARGET_INIT                                                     \
	{                                                                      \
		0                                                              \
	}

struct server_target_request {
	git_repository *repo;
	const struct config *cfg;
	const struct environment *env; /* with a url */
};

/*
 * The request's parts must live as long as out. Only target.verbose and
 * target.ctx of out may be set before, and are kept. ERR_FAILED when the url
 * is none, or when this program was installed without an agent.
 */
int server_target_find(const struct server_target_request *req,
		       struct server_target *out, struct err *err) MUST_CHECK;
void server_target_release(struct server_target *t);
#define AUTO_SERVER_TARGET CLEANUP(server_target_release)

#endif
