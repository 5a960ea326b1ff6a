#include "common/base/base.h"
#include "common/sys/interrupt.h"

#include <signal.h>

static volatile sig_atomic_t caught;

static void note(int sig)
{
	caught = sig;
}

void interrupt_catch(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction now, old;

	memset(&now, 0, sizeof(now));
	now.sa_handler = note;
	sigemptyset(&now.sa_mask);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		/* nohup and the like have said that it is not wanted. */
		if (!sigaction(signals[i], NULL, &old) &&
		    old.sa_handler == SIG_IGN)
			continue;
		(void)sigaction(signals[i], &now, NULL);
	}
}

int interrupt_check(struct err *err)
{
	if (!caught)
		return 0;
	return err_set(err, caught == SIGINT ? ERR_INTERRUPTED : ERR_TERMINATED,
		       "interrupted");
}
