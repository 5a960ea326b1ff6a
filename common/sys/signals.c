#include "common/base/base.h"
#include "common/sys/signals.h"

#include <signal.h>
#include <time.h>

static volatile sig_atomic_t caught, again, first_at;
static bool held;

static const int stops[] = { SIGINT, SIGTERM, SIGHUP };

static void note(int sig)
{
	int saved = errno;
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	if (!caught)
		first_at = (sig_atomic_t)now.tv_sec;
	else if ((sig_atomic_t)now.tv_sec - first_at > 1)
		again = 1;
	caught = caught ? caught : sig;
	errno = saved;
}

static int catch (int sig, struct err *err)
{
	struct sigaction sa = { .sa_handler = note, .sa_flags = SA_RESTART };
	struct sigaction old;

	if (sigaction(sig, NULL, &old) < 0)
		return err_sys(err, "cannot look at signal %d", sig);
	if (old.sa_handler == SIG_IGN)
		return 0;
	sigfillset(&sa.sa_mask);
	if (sigaction(sig, &sa, NULL) < 0)
		return err_sys(err, "cannot catch signal %d", sig);
	return 0;
}

int signals_catch(struct err *err)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	int res = 0;

	if (sigaction(SIGPIPE, &ignore, NULL) < 0)
		return err_sys(err, "cannot ignore SIGPIPE");
	for (size_t i = 0; !res && i < ARRAY_SIZE(stops); i++)
		res = catch (stops[i], err);
	return res;
}

int signals_pending(void)
{
	if (held && !again)
		return 0;
	switch (caught) {
	case 0: return 0;
	case SIGINT: return ERR_INTERRUPTED;
	default: return ERR_TERMINATED;
	}
}

bool signals_repeated(void)
{
	return again != 0;
}

void signals_hold(bool on)
{
	held = on;
}

bool signals_held(void)
{
	return held;
}

int signals_check(struct err *err)
{
	int code = signals_pending();

	if (!code)
		return 0;
	return err_set(err, code, "%s",
		       code == ERR_INTERRUPTED ? "interrupted" : "terminated");
}
