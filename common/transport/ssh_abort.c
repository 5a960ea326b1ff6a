#include "common/base/base.h"
#include "common/transport/ssh_abort.h"

#include <signal.h>

static _Thread_local sigjmp_buf *way_back;

/* abort() holds nothing while it raises the signal: see abort(3). */
static void on_abort(int sig UNUSED)
{
	if (way_back)
		siglongjmp(*way_back, 1);
}

void ssh_abort_to(sigjmp_buf *back)
{
	way_back = back;
}

void ssh_abort_catch(void)
{
	struct sigaction action = { .sa_handler = on_abort,
				    .sa_flags = SA_NODEFER };

	sigemptyset(&action.sa_mask);
#ifndef __SANITIZE_ADDRESS__ /* whose findings end in abort(), too */
	(void)sigaction(SIGABRT, &action, NULL);
#else
	(void)action;
#endif
}
