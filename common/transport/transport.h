#ifndef TRANSPORT_H
#define TRANSPORT_H

#include "common/base/err.h"

/*
 * One byte pipe to an agent, whichever way it is reached: a child process on
 * this machine, libssh2, or the ssh program. What lies behind the greeting is
 * the same for all three, so nothing above this folder knows which it has.
 */
enum transport_kind {
	TRANSPORT_AUTO,
	TRANSPORT_LOCAL, /* follows from a url that is a path */
	TRANSPORT_LIBSSH2,
	TRANSPORT_OPENSSH
};

struct transport_target {
	const char *url; /* path, ssh://user@host:port/path, host:path,
			    or an alias of ssh_config with :path */
	enum transport_kind kind;
	const char *agent;	 /* path of the agent binary on this machine */
	const char *ssh_command; /* GIT_SSH_COMMAND, core.sshCommand: to be
				    split as git does; NULL: "ssh" */
	bool may_prompt;	 /* a person is there to accept a host key */
	/*
	 * Shows a line about the connection (which transport and why).
	 * NULL: nobody asked.
	 */
	void (*verbose)(void *ctx, const char *line);
	void *ctx;
	/*
	 * Appends the first request for the agent: it is sent along with what
	 * starts it, which saves a round trip. root is the directory as the
	 * agent is to be told, agent the hash it is installed under, NULL for
	 * a local one. Called once for each way that is tried. May be NULL.
	 */
	void (*first)(void *ctx, const char *root, const char *agent,
		      struct strbuf *out);
	void *first_ctx;
};

struct transport;

/*
 * Connects, installs the agent if it is not there, starts it, skips whatever
 * the login shell prints, and returns when the agent's greeting was read.
 * ERR_FAILED for the network and the login, with a hint where there is one.
 */
int transport_open(const struct transport_target *target,
		   struct transport **out, struct err *err) MUST_CHECK;

/* Blocking, both directions; ends with EOF when the agent is gone. */
int transport_fd(const struct transport *t);

/* "local", "libssh2" or "openssh". */
const char *transport_name(const struct transport *t);
/* The host for people ("web1.example.com"), or "this machine". */
const char *transport_host(const struct transport *t);
/* The directory on that host, as the agent is to be told. */
const char *transport_root(const struct transport *t);
/* What the far end wrote on stderr so far, quoted and bounded. */
const char *transport_stderr(struct transport *t);

void transport_close(struct transport *t);
DEFINE_AUTO(struct transport *, transport_close, NULL)
#define AUTO_TRANSPORT CLEANUP(transport_close_auto)

#endif
