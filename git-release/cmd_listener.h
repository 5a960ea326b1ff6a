#ifndef CMD_LISTENER_H
#define CMD_LISTENER_H

#include "common/host/host.h"

struct phases;

/*
 * Shows what an agent tells while a command waits for it: hook output behind
 * its prefix, warnings and notes; phases go to the command's own function.
 * Ctrl-C asks the agent to stop and undo.
 */
struct cmd_listener {
	struct host_listener listener; /* give this to the host */
	struct phases *phases;
	int verbosity;
	void (*phase)(void *ctx, struct phases *p, const char *name,
		      const char *rest); /* NULL: not shown */
	void *ctx;
};

void cmd_listener_init(struct cmd_listener *l, struct phases *phases,
		       int verbosity);

#endif
