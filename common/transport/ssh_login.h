#ifndef SSH_LOGIN_H
#define SSH_LOGIN_H

#include "common/transport/identity.h"
#include "common/transport/ssh_link.h"

/*
 * Logging in with public keys, in the order of ssh: agent keys that an
 * IdentityFile names, other agent keys (unless IdentitiesOnly), key files.
 * Each key is offered directly: asking for the methods first, as ssh does,
 * would cost a round trip.
 */
#define SSH_LOGIN_TRIES 6 /* what sshd allows (MaxAuthTries) */

struct login_try {
	struct libssh2_agent_publickey *held; /* by the agent, or NULL */
	const struct identity *file;	      /* else this */
};

struct ssh_login {
	struct identities ids;
	LIBSSH2_AGENT *agent;
	struct login_try tries[SSH_LOGIN_TRIES];
	size_t nr;
	struct strbuf unused; /* why a key that is there cannot be tried */
};
#define SSH_LOGIN_INIT                                                         \
	{                                                                      \
		.unused = STRBUF_INIT                                          \
	}

void ssh_login_release(struct ssh_login *login);
#define AUTO_SSH_LOGIN CLEANUP(ssh_login_release)

/*
 * Collects the keys; needs no connection. ERR_UNSUITABLE when there is none
 * that libssh2 can use.
 */
int ssh_login_plan(struct ssh_link *l, struct ssh_login *login,
		   struct err *err) MUST_CHECK;

/* ERR_UNSUITABLE when the ssh program has more to try than we had. */
int ssh_login_run(struct ssh_link *l, struct ssh_login *login,
		  struct err *err) MUST_CHECK;

#endif
