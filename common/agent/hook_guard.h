#ifndef HOOK_GUARD_H
#define HOOK_GUARD_H

#include "common/agent/agent.h"

/* Between SIGTERM and SIGKILL, when a hook must end. */
#define HOOK_KILL_AFTER_MS 5000

/*
 * A hook must not run on when the agent is killed, for then nobody holds the
 * lock under which it changes things. The kernel tells a small process beside
 * the hook of the agent's death; it ends the hook's process group, SIGTERM
 * first, and has its share of the lock until the group is gone. A client that
 * dies is another matter: the agent lives on, and lets the hook end.
 *
 * out_fd is where the hook's output is read. Returns the guard's process id,
 * or -1 with errno.
 */
pid_t hook_guard_start(const struct agent *a, pid_t hook, int out_fd);

/* The hook has ended: what it left in the background may stay. */
void hook_guard_stop(pid_t guard);

#endif
