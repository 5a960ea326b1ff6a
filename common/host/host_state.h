#ifndef HOST_STATE_H
#define HOST_STATE_H

#include "common/host/host.h"

#include <pthread.h>

/* The inside of a host, for host.c and host_reply.c alone. */
#define HOST_POLL_MS 200
/* A server that syncs a slow disk may say nothing for a while. */
#define HOST_SILENCE_MAX_MS fault_wait("GIT_RELEASE_SILENCE_MS", 120000)

struct host {
	struct transport *transport;
	const struct host_listener *listener;
	struct pkt_reader in;
	pthread_mutex_t lock; /* of what is written */
	pthread_cond_t wake;
	pthread_t alive;
	bool alive_runs, closing, cancelled, cut;
	uint64_t sent, received;
};

bool host_wants_stop(const struct host *h);
bool host_wants_leave(const struct host *h);
/* Asks the agent to stop, between two packets, where it looks for that. */
int host_cancel(struct host *h);
/* host_reply() for bytes. */
int host_reply_bytes(struct host *h, const struct host_sink *sink,
		     struct err *err) MUST_CHECK;

#endif
