#include "common/base/base.h"
#include "common/agent/hook_guard.h"

#include "common/sys/clock.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#define LOOK_EVERY_MS 5

static bool group_is_gone(pid_t group, int wait_ms)
{
	const struct timespec pause = { .tv_nsec = LOOK_EVERY_MS * 1000000 };
	int64_t until = clock_ms() + wait_ms;

	while (!kill(-group, 0)) {
		if (clock_ms() >= until)
			return false;
		(void)nanosleep(&pause, NULL);
	}
	return true;
}

/*
 * Of all that the agent holds: the lock, see flock(2) on fork, and the end of
 * the pipe that the hook prints to, or the first word of its cleaning up
 * would be its last.
 */
static void keep_only(int lock_fd, int out_fd)
{
	(void)dup2(lock_fd, 0);
	(void)dup2(out_fd, 1);
	if (close_range(2, ~0u, 0) < 0)
		for (int fd = 2; fd < 1024; fd++)
			(void)close(fd);
}

/* Only what is safe after fork in a program with threads. */
static NORETURN void keep_guard(pid_t agent, pid_t hook)
{
	sigset_t all, death;
	int sig;

	/* Not in the agent's group: both could be killed as one. */
	(void)setsid();
	sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, NULL);
	sigemptyset(&death);
	sigaddset(&death, SIGUSR1);
	(void)signal(SIGUSR1, SIG_DFL);
	/* It may have died before the kernel was asked to tell. */
	if (!prctl(PR_SET_PDEATHSIG, SIGUSR1) && getppid() == agent)
		while (sigwait(&death, &sig) || getppid() == agent)
			;
	(void)kill(-hook, SIGTERM);
	if (!group_is_gone(hook, HOOK_KILL_AFTER_MS)) {
		(void)kill(-hook, SIGKILL);
		/* Where nobody reaps orphans, their names stay for ever. */
		(void)group_is_gone(hook, HOOK_KILL_AFTER_MS);
	}
	_exit(0);
}

pid_t hook_guard_start(const struct agent *a, pid_t hook, int out_fd)
{
	pid_t agent = getpid(), guard = fork();

	if (!guard) {
		keep_only(a->lock_fd, out_fd);
		keep_guard(agent, hook);
	}
	return guard;
}

void hook_guard_stop(pid_t guard)
{
	(void)kill(guard, SIGKILL);
	(void)waitpid(guard, NULL, 0);
}
