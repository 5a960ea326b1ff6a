#ifndef HOST_H
#define HOST_H

#include "common/base/oid.h"
#include "common/base/strvec.h"
#include "common/transport/transport.h"
#include "common/wire/message.h"

/*
 * The server as commands see it: an agent at the other end of a transport,
 * its verbs as functions. Every call sends one request and waits for its
 * reply; what the agent tells meanwhile goes to the listener.
 *
 * Everything that comes from there is checked and bounded here, but is still
 * text from outside: quote it before showing it.
 */
struct host;

/* kind: "phase", "line", "warn" or "note" (common/agent/agent.h). */
struct host_listener {
	void (*told)(void *ctx, const char *kind, const char *text);
	/* True once the person wants to stop; asked a few times a second. */
	bool (*stop)(void *ctx);
	/* So many bytes went out so far. NULL: nobody looks. */
	void (*sent)(void *ctx, uint64_t bytes);
	/* True once they will not even wait for the undoing; may be NULL. */
	bool (*leave)(void *ctx);
	void *ctx;
};

struct host_request {
	const struct transport_target *target;
	const struct host_listener *listener; /* borrowed for the session */
	const char *who;		      /* "user@machine" */
	const char *reason;		      /* "release v1.2.0" */
	bool change;	  /* takes the lock; else only looks */
	bool adopt;	  /* a root with other files in it is fine */
	bool plain;	  /* ... to look at as a checkout: state "plain" */
	uint64_t wait_ms; /* for the lock */
};

struct host_release {
	char *id, *state, *version;
	char package[OID_HEXSZ + 1]; /* "" when unknown */
	bool live, foreign;
};

/* What is there, as of the reply to "open". */
struct host_view {
	char *root, *state;    /* "ours", "foreign", "absent", "plain" */
	char *live, *rollback; /* release ids; "" when there is none */
	char *lock;	       /* who holds it; "" when free */
	char *base;	       /* what a delta can build upon; "" */
	uint64_t free_bytes, free_inodes;
	bool room_known;
	uint64_t damaged_lines; /* of the ledger */
	struct host_release *releases;
	size_t nr, alloc;
};

/* Connects and opens the root. *view is filled, and released by the caller. */
int host_open(const struct host_request *req, struct host **out,
	      struct host_view *view, struct err *err) MUST_CHECK;
void host_close(struct host *h);
DEFINE_AUTO(struct host *, host_close, NULL)
#define AUTO_HOST CLEANUP(host_close_auto)

void host_view_release(struct host_view *view);
#define AUTO_HOST_VIEW CLEANUP(host_view_release)

const struct host_release *host_view_find(const struct host_view *view,
					  const char *id);
const struct host_release *host_view_live(const struct host_view *view);

/* The name of the machine for people. */
const char *host_name(const struct host *h);
/* All bytes sent so far, and those received. */
void host_traffic(const struct host *h, uint64_t *sent, uint64_t *received);

/* One request; fields is what request_add() made, without the end. */
int host_call(struct host *h, const struct strbuf *request,
	      struct message *reply, struct err *err) MUST_CHECK;

/*
 * The same for a reply that is bytes: take() gets them piece by piece, none of
 * them empty. What it refuses ends the call, and the host is of no more use.
 */
struct host_sink {
	int (*take)(void *ctx, const char *data, size_t len, struct err *err);
	void *ctx;
};
int host_stream(struct host *h, const struct strbuf *request,
		const struct host_sink *sink, struct err *err) MUST_CHECK;

/*
 * For host_ship.c: whole packets as they are, and the wait for a reply alone.
 * A reply that makes no sense is ERR_UNKNOWN, like one that never comes: only
 * the agent itself can say that nothing was changed.
 */
int host_send(struct host *h, const void *data, size_t len,
	      struct err *err) MUST_CHECK;
int host_reply(struct host *h, struct message *reply, struct err *err) MUST_CHECK;
/*
 * Nothing more will be asked: the agent sees that, lets go of the lock and
 * ends. host_send() does so when it fails.
 */
void host_hang_up(struct host *h);
bool host_is_cut(const struct host *h);

#endif
