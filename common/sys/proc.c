#include "common/base/base.h"
#include "common/sys/proc.h"

#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

static int drain(int fd, struct strbuf *out, struct err *err)
{
	char chunk[8192];
	ssize_t n;

	for (;;) {
		n = read(fd, chunk, sizeof(chunk));
		if (!n)
			return 0;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(err, "cannot read from child");
		if (strbuf_add(out, chunk, (size_t)n) < 0)
			return err_set(err, ERR_FAILED, "output is too long");
	}
}

static int reap(pid_t pid, int *status)
{
	int ws;

	while (waitpid(pid, &ws, 0) < 0)
		if (errno != EINTR)
			return -1;
	*status = WIFSIGNALED(ws) ? 128 + WTERMSIG(ws) : WEXITSTATUS(ws);
	return 0;
}

int proc_capture(const struct strvec *argv, struct strbuf *out, int *status,
		 struct err *err)
{
	posix_spawn_file_actions_t actions;
	int pipefd[2], failed, ret;
	pid_t pid;

	if (pipe2(pipefd, O_CLOEXEC) < 0)
		return err_sys(err, "cannot make a pipe");
	AUTO_FD int rd = pipefd[0];

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pipefd[1], STDOUT_FILENO);
	failed = posix_spawnp(&pid, argv->v[0], &actions, NULL, argv->v, environ);
	posix_spawn_file_actions_destroy(&actions);
	close_quietly(pipefd[1]);
	if (failed) {
		errno = failed;
		return err_sys(err, "cannot run '%s'", argv->v[0]);
	}

	ret = drain(rd, out, err);
	if (ret < 0) {
		close_quietly(TAKE_FD(rd)); /* let the child see SIGPIPE */
		(void)reap(pid, status);
		return err_prefix(err, "'%s'", argv->v[0]);
	}
	if (reap(pid, status) < 0)
		return err_sys(err, "lost track of '%s'", argv->v[0]);
	return 0;
}
