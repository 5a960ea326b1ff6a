#ifndef AGENT_H
#define AGENT_H

#include "common/agent/journal.h"
#include "common/sys/fault.h"
#include "common/sys/hash.h"
#include "common/wire/message.h"

#include <pthread.h>

/*
 * The program on the server, from its greeting to its end: one client, one
 * root, one request after the other.
 */
#define AGENT_PROTOCOL 1

/* How long a client may be silent before it counts as dead. */
#define AGENT_PATIENCE_MS fault_wait("GIT_RELEASE_ALIVE_GONE_MS", ALIVE_GONE_MS)

struct run;
struct delta_base;

struct agent {
	struct pkt_reader in;
	int out;
	pthread_mutex_t out_lock;
	int64_t heard_at; /* clock_ms() of the client's last sign of life */
	bool gone;	  /* the client is dead, or nobody listens */
	bool cancelled;	  /* the client asked us to stop and undo */
	mode_t login_umask;

	/* After "open"; -1 where there is none yet. */
	char root[PATH_MAX]; /* real path */
	int root_fd;
	int dot_fd; /* .release */
	int releases_fd;
	int shared_fd;
	bool plain; /* the root is a checkout, and opened to look at it */

	char who[256];		      /* user@machine of the client */
	char image[SHA256_HEXSZ + 1]; /* this program's sum; "" if untold */
	char token[33]; /* names this run in the lock and in tmp/ */
	int lock_fd;	/* -1: only looking */
	struct journal journal;

	struct delta_base *base; /* the live release, for deltas; or NULL */
	struct run *run;	 /* a release being made, not decided yet */
};

/*
 * Shows something to the person: kind is "phase" (a step is done), "line"
 * (output of a hook), "warn" or "note". Never fails: a lost viewer must not
 * stop what is going on.
 */
void agent_tell(struct agent *a, const char *kind, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
/* Sends bytes that are packets already. */
void agent_send(struct agent *a, const struct strbuf *packets);
void agent_send_error(struct agent *a, const struct err *err);

/*
 * Call between steps: takes what the client has sent meanwhile and waits at
 * most timeout_ms for more. ERR_INTERRUPTED when it is gone, was silent for
 * ALIVE_GONE_MS, or asked us to stop.
 */
int agent_listen(struct agent *a, int timeout_ms, struct err *err) MUST_CHECK;

/* Ticks in its own thread while the agent works, so that the client knows. */
void agent_start_alive(struct agent *a);

#endif
