#ifndef SSH_COMMAND_H
#define SSH_COMMAND_H

#include "common/base/err.h"
#include "common/base/strvec.h"
#include "common/text/ssh_url.h"
#include "common/transport/ssh_config.h"

/*
 * The ssh program as git finds it (git(1)): GIT_SSH_COMMAND or
 * core.sshCommand, a command line; else GIT_SSH, one program; else "ssh".
 * A command line is split here when quotes are all it holds; with anything
 * only a shell understands it is given to "sh -c" just as git does, since it
 * is the user's own setting.
 */
int ssh_command_init(const char *setting, struct strvec *out,
		     struct err *err) MUST_CHECK;

/*
 * Splits words as sh does, quotes and backslashes included. Returns 1 when a
 * shell would be needed, 0 when *out has the words, a negative code when a
 * quote is not closed.
 */
int ssh_command_split(const char *text, struct strvec *out,
		      struct err *err) MUST_CHECK;

/* Appends "-p port -- user@host", as far as the url names them. */
void ssh_command_push_login(struct strvec *argv, const struct ssh_url *url);

/*
 * Runs "ssh -G" for the url's host. ERR_UNSUITABLE when it does not know -G:
 * no OpenSSH, perhaps, but it may connect all the same.
 */
int ssh_command_resolve(const struct strvec *ssh, const struct ssh_url *url,
			struct ssh_config *out, struct err *err) MUST_CHECK;

void strvec_push_all(struct strvec *to, const struct strvec *from);

#endif
