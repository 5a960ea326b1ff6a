#ifndef SSH_TCP_H
#define SSH_TCP_H

#include "common/base/err.h"
#include "common/transport/ssh_config.h"

/*
 * Connects to the host that ssh_config names, trying its addresses in turn.
 * The socket does not wait for small packets to fill up (TCP_NODELAY), and
 * notices a dead peer in the end (SO_KEEPALIVE).
 */
int ssh_tcp_connect(const struct ssh_config *config, int timeout_ms, int *fd,
		    struct err *err) MUST_CHECK;

/*
 * Acknowledges now what was received, to be called before each wait for more.
 * sshd sends small packets under Nagle's rule: the next one leaves only when
 * we acknowledged the one before, and we would do so after 40 ms (seen after
 * the login: its answer waits behind an announcement of host keys). Does
 * nothing to a socket that is not TCP.
 */
void ssh_tcp_ack_now(int fd);

#endif
