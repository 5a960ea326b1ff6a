#ifndef ACTIVATE_H
#define ACTIVATE_H

#include "common/agent/agent.h"

/*
 * The "activate" request: the decision. Fields: id, expect (the live id the
 * client has seen, "" for none), kind (release, activate, rollback), keep
 * (0: prune nothing), hooks as in hooks.h, timeout.
 *
 * For a release that was just staged, and for one that is there already: that
 * one must be sealed and its files as recorded, or be foreign. Post hooks run
 * after the switch; when one fails, "current" goes back. From the switch on
 * this finishes by itself, whether or not the client is still there.
 */
int activate_request(struct agent *a, struct message *m,
		     struct err *err) MUST_CHECK;

#endif
