#ifndef SESSION_H
#define SESSION_H

#include "common/git/repo.h"
#include "common/host/host.h"
#include "common/model/server_target.h"
#include "common/model/settings.h"
#include "common/model/version_tag.h"

/*
 * What every command begins with: the repository, its settings, the
 * environment, and how to reach its server. Order of calls:
 *
 *	session_open(&s, err);
 *	session_find_tag(&s, version, to, err);		with a version, or
 *	session_find_environment(&s, to, err);		without one
 *	session_target(&s, err);
 *	host_open(&(struct host_request){ .target = &s.server.target, ... });
 */
struct session {
	git_repository *repo;
	struct config config;
	struct settings settings;
	struct environment env;
	struct build_settings build;
	struct version_tag tag; /* of session_find_tag() */
	struct server_target server;
	int64_t began; /* clock_ms() of session_open() */
};

int session_open(struct session *s, struct err *err) MUST_CHECK;
void session_release(struct session *s);
#define AUTO_SESSION CLEANUP(session_release)

/*
 * The tag, by the rules of the environment as the tagged commit configures
 * it. to is --to, or NULL.
 */
int session_find_tag(struct session *s, const char *version, const char *to,
		     struct err *err) MUST_CHECK;
/* The same without an environment: for "build" and "show". */
int session_find_version(struct session *s, const char *version,
			 struct err *err) MUST_CHECK;

/* Settings of the work tree, or of HEAD in a bare repository. */
int session_find_environment(struct session *s, const char *to,
			     struct err *err) MUST_CHECK;
int session_work_tree_settings(struct session *s, struct err *err) MUST_CHECK;

/* Fills s->server, but for what it keeps (server_target.h). */
int session_target(struct session *s, struct err *err) MUST_CHECK;

#endif
