#include "common/base/base.h"
#include "common/ui/pager.h"

#include <signal.h>
#include <sys/wait.h>

static const char *pick(const char *setting)
{
	const char *cmd = getenv("GIT_PAGER");

	if (!cmd)
		cmd = setting;
	if (!cmd)
		cmd = getenv("PAGER");
	if (!cmd)
		cmd = "less";
	return *cmd && strcmp(cmd, "cat") != 0 ? cmd : NULL;
}

NORETURN static void run(const char *cmd, int in)
{
	if (dup2(in, STDIN_FILENO) < 0)
		_exit(127);
	signal(SIGPIPE, SIG_DFL);
	setenv("LESS", "FRX", 0);
	setenv("LV", "-c", 0);
	execlp("sh", "sh", "-c", cmd, (char *)NULL);
	_exit(127);
}

void pager_start(struct pager *p, const char *setting)
{
	const char *cmd = pick(setting);
	int ends[2];

	if (!cmd || !isatty(STDOUT_FILENO) || getenv("GIT_PAGER_IN_USE"))
		return;
	fflush(stdout);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return;
	p->saved_out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	p->pid = p->saved_out < 0 ? -1 : fork();
	if (!p->pid)
		run(cmd, ends[0]);
	if (p->pid > 0 && dup2(ends[1], STDOUT_FILENO) >= 0) {
		setenv("GIT_PAGER_IN_USE", "true", 1);
		/* Writing to a pager that was quit must only fail. */
		signal(SIGPIPE, SIG_IGN);
	} else {
		p->pid = 0;
	}
	close_quietly(ends[0]);
	close_quietly(ends[1]);
}

void pager_finish(struct pager *p)
{
	if (p->pid > 0) {
		fflush(stdout);
		clearerr(stdout);
		/* The pager sees the end when the last writer is gone. */
		dup2(p->saved_out, STDOUT_FILENO);
		while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
			;
		unsetenv("GIT_PAGER_IN_USE");
	}
	if (p->saved_out >= 0)
		close_quietly(p->saved_out);
	*p = (struct pager)PAGER_INIT;
}
