#ifndef CMD_LOOK_H
#define CMD_LOOK_H

#include "common/host/host.h"
#include "git-release/session.h"

/*
 * What the commands that only look begin with: repository, settings of the
 * work tree, environment, a connection that changes nothing. Warnings of the
 * server go to stderr.
 */
struct cmd_look {
	struct session session;
	struct host_listener listener;
	struct host *host;
	struct host_view view;
	int verbosity;
};

int cmd_look_open(struct cmd_look *look, const char *to, int verbosity,
		  struct err *err) MUST_CHECK;
/* The second half, for a session that has its environment already. */
int cmd_look_connect(struct cmd_look *look, int verbosity,
		     struct err *err) MUST_CHECK;
void cmd_look_release(struct cmd_look *look);
#define AUTO_LOOK CLEANUP(cmd_look_release)

#endif
