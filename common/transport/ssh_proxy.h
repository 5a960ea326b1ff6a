#ifndef SSH_PROXY_H
#define SSH_PROXY_H

#include "common/transport/ssh_link.h"

/*
 * The program that ssh would connect through: ProxyCommand, or "ssh -W" for
 * ProxyJump. Leaves argv empty when there is none. No shell is used: a
 * ProxyCommand that needs one gives ERR_UNSUITABLE, and ssh runs it itself.
 */
int ssh_proxy_command(const struct ssh_route *route, struct strvec *argv,
		      struct err *err) MUST_CHECK;

#endif
