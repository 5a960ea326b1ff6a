#ifndef SSH_SHARE_H
#define SSH_SHARE_H

#include "common/base/strvec.h"
#include "common/git/config.h"

/*
 * One login for everything that a run asks a remote over ssh.
 *
 * git starts ssh anew for the fetch, the push and the look at what came of it,
 * and each login takes longer than all the rest. OpenSSH can lead them all
 * through the first one's connection (ssh_config(5), ControlMaster): git's
 * children get that by $GIT_SSH_COMMAND, in which the user's own command and
 * options stay as they are.
 *
 * Nothing is shared, and each logs in by itself, where the user has set up
 * sharing already, where ssh is another program, and where the remote is not
 * reached by ssh. Whoever is killed leaves a connection that ends by itself
 * after SSH_SHARE_SECONDS, and an empty directory below $XDG_RUNTIME_DIR or
 * /tmp.
 */
#define SSH_SHARE_SECONDS 10

struct ssh_share {
	bool asks;	   /* the remote may want a password or the like */
	char *dir;	   /* private; NULL: nothing is shared */
	struct strvec end; /* the command that ends the connection */
};
#define SSH_SHARE_INIT                                                         \
	{                                                                      \
		.end = STRVEC_INIT                                             \
	}
/* Ends the connection. */
void ssh_share_release(struct ssh_share *share);
#define AUTO_SSH_SHARE CLEANUP(ssh_share_release)

/*
 * For a remote that is pushed to there. Never fails: without it everything
 * works, later. share must be fresh.
 */
void ssh_share_start(struct ssh_share *share, const struct config *config,
		     const struct strvec *urls);

/*
 * Nobody will be asked for a password, a passphrase or a touch from now on: the
 * connection is there, the remote is of a kind that never asks, or there is
 * nobody at a terminal.
 */
bool ssh_share_is_quiet(const struct ssh_share *share);

#endif
