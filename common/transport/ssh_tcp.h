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

#endif
