#ifndef OPEN_H
#define OPEN_H

#include "common/agent/agent.h"

/*
 * The "open" request, always the first: which root, who asks, and whether to
 * look or to change. Fields: root, who, reason, mode (look, change), wait-ms,
 * adopt, agent (the hash to install ourselves as; absent: do not).
 *
 * To look changes nothing. To change makes the root where it is missing,
 * takes the lock and mends what an interrupted run has left. The reply is
 * what is there: see open.c.
 */
int open_request(struct agent *a, struct message *m, struct err *err) MUST_CHECK;

/* Brings ledger, links and leftovers in line with "current". Locked only. */
int repair_root(struct agent *a, struct err *err) MUST_CHECK;

/* Has this program arrived whole: is this the SHA-256 of all its bytes? */
bool self_is(const char *sha256);
/*
 * Copies this program to .release/bin/agent-<hash>, if it is not there. The
 * hash is that of the agent the client wanted; where that cannot be brought,
 * an older one runs, and must not get its name.
 */
void self_install(struct agent *a, const char *hash);

#endif
