#ifndef SSH_LINK_H
#define SSH_LINK_H

#include "common/text/ssh_url.h"
#include "common/transport/child.h"
#include "common/transport/known_hosts.h"
#include "common/transport/ssh_abort.h"
#include "common/transport/ssh_config.h"
#include "common/transport/transport.h"

#include <libssh2.h>
#include <pthread.h>

/* What is known before libssh2 connects; all borrowed. */
struct ssh_route {
	const struct transport_target *target;
	const struct ssh_url *url;
	const struct strvec *ssh; /* the ssh program, for jump hosts */
	const struct ssh_config *config;
	struct tail *tail; /* gets the far end's stderr */
};

/* The first bytes of a server hold its offer: see kex_offer.h. */
#define SSH_FIRST_BYTES 4096

/*
 * One libssh2 connection and the thread that moves its bytes.
 *
 * Until ssh_pump_start() everything runs in the caller's thread, in steps
 * that do not block: a call that would block is repeated after ssh_link_wait()
 * until the deadline. Afterwards the session belongs to the thread.
 */
struct ssh_link {
	struct ssh_route route;
	LIBSSH2_SESSION *session;
	LIBSSH2_CHANNEL *channel;
	int sock;
	struct child proxy;
	int64_t deadline;
	unsigned char first[SSH_FIRST_BYTES];
	size_t first_len;
	int far; /* the thread's end of the pipe */
	pthread_t pump;
	bool pumping;
	bool broken; /* libssh2 gave up: see ssh_abort.h */
	char *line;  /* the command */
};

/*
 * Connects, checks the host key, logs in, opens a channel and starts "line"
 * there; *fd gets the pipe. ERR_UNSUITABLE when the ssh program may succeed
 * where this did not; the message says why.
 */
int ssh_link_open(const struct ssh_route *route, const char *line,
		  struct ssh_link **out, int *fd, struct err *err) MUST_CHECK;

/* After our end of the pipe was closed. Waits a few seconds at most. */
void ssh_link_close(struct ssh_link *l);
DEFINE_AUTO(struct ssh_link *, ssh_link_close, NULL)
#define AUTO_SSH_LINK CLEANUP(ssh_link_close_auto)

/* For the files behind this one. */

int ssh_link_wait(struct ssh_link *l, struct err *err) MUST_CHECK;
/* The last message of libssh2. */
const char *ssh_link_error(struct ssh_link *l);

/* Repeats a libssh2 call while it would block; rc is what it came to. */
#define SSH_STEP(l, rc, call, err)                                             \
	while (((rc) = SSH_CALL(&(l)->broken, call,                            \
				LIBSSH2_ERROR_SOCKET_DISCONNECT)) ==           \
	       LIBSSH2_ERROR_EAGAIN)                                           \
		if (ssh_link_wait((l), (err)) < 0)                             \
	return (err)->code

/* ssh_pump.c: starts the thread; *fd gets the caller's end. */
int ssh_pump_start(struct ssh_link *l, int *fd, struct err *err) MUST_CHECK;

#endif
