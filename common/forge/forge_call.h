#ifndef FORGE_CALL_H
#define FORGE_CALL_H

#include "common/forge/forge_api.h"

void forge_step_release(struct forge_step *s);
#define AUTO_FORGE_STEP CLEANUP(forge_step_release)

/*
 * Sends one request with the token and reads its answer, a JSON document,
 * which is the caller's. A host that is busy is asked a second time when that
 * cannot do anything twice, after as long as it says, if that is seconds.
 *
 * ERR_FAILED: nothing was done; ERR_REFUSED: it was understood, and declined;
 * ERR_UNKNOWN: it may have been done. *status is that of the answer, or 0.
 * Messages name the token by its source and the right it needs.
 */
int forge_call(struct forge *f, const struct forge_step *step, json_t **out,
	       int *status, struct err *err) MUST_CHECK;

/* Waits, at most for a few seconds; fails when a signal was caught. */
int forge_wait(int64_t seconds, struct err *err) MUST_CHECK;

#endif
