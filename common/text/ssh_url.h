#ifndef SSH_URL_H
#define SSH_URL_H

#include "common/base/err.h"

/*
 * Where a release root is, as written by a person. The forms are git's own
 * (git-fetch(1), "GIT URLS"):
 *
 *	/srv/app  ./app  ../app  ~/app  app	a directory on this machine
 *	ssh://[user@]host[:port]/srv/app
 *	[user@]host:srv/app			relative to the login's home
 *	[user@][host:port]:srv/app
 *
 * What has no colon before its first slash is a directory here. Through ssh,
 * "~/app" and "/~/app" are relative to the login's home.
 */
struct ssh_url {
	bool local;
	char *user;    /* NULL: whatever ssh_config says */
	char *host;    /* NULL when local */
	uint32_t port; /* 0: whatever ssh_config says */
	char *root; /* never empty, holds no newline, does not start with - */
};
#define SSH_URL_INIT                                                           \
	{                                                                      \
		0                                                              \
	}

void ssh_url_release(struct ssh_url *url);
#define AUTO_SSH_URL CLEANUP(ssh_url_release)

/*
 * Takes "text" apart. A host or user that ssh could take for an option, or
 * that holds a blank or a control character, is refused here, before
 * anything is run. For a local url the root is the text unchanged.
 */
int ssh_url_parse(const char *text, struct ssh_url *out,
		  struct err *err) MUST_CHECK;

/* Refuses such a name: "what" is "host" or "user", for the message. */
int ssh_name_check(const char *what, const char *name, struct err *err) MUST_CHECK;

#endif
