#ifndef LOCK_H
#define LOCK_H

#include "common/agent/agent.h"

/*
 * One run at a time per root: flock(2) on .release/lock, held by this living
 * process and freed by the kernel with it. The file is never removed; it
 * names the holder for people.
 *
 * wait_ms: 0 fails at once with ERR_LOCKED and the holder's name, else polls
 * for so long, and tells whom it waits for.
 */
int lock_take(struct agent *a, const char *reason, int64_t wait_ms,
	      struct err *err) MUST_CHECK;

/*
 * Each effect asks again: the lock file must still be the one we hold, with
 * our token in it. ERR_UNDONE when somebody took it away from us.
 */
int lock_check(struct agent *a, struct err *err) MUST_CHECK;

/* Appends who holds the lock, or nothing when it is free. Changes nothing. */
void lock_holder(struct agent *a, struct strbuf *out);

/* Empties the file and lets go. */
void lock_release(struct agent *a);

#endif
