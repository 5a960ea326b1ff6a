#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/transport/child.h"
#include "common/transport/deadline.h"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static void *drain(void *arg)
{
	struct child *c = arg;
	struct pollfd fds[2] = { { .fd = c->stderr_fd, .events = POLLIN },
				 { .fd = c->wake, .events = POLLIN } };
	size_t late = 0; /* read since the end; it may never stop printing */
	char chunk[4096];

	for (;;) {
		ssize_t n;

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return NULL;
		if (fds[1].revents &&
		    (!fds[0].revents || ++late > TAIL_MAX / sizeof(chunk) + 16))
			return NULL;
		if (!fds[0].revents)
			continue;
		n = read(c->stderr_fd, chunk, sizeof(chunk));
		if (!n || (n < 0 && errno != EINTR && errno != EAGAIN))
			return NULL;
		if (n > 0)
			tail_add(c->tail, chunk, (size_t)n);
	}
}

static int spawn_attributes(posix_spawnattr_t *attr, bool may_prompt)
{
	short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
	sigset_t all, none;

	sigfillset(&all);
	sigemptyset(&none);
	if (!may_prompt)
		flags |= POSIX_SPAWN_SETPGROUP;
	return posix_spawnattr_setflags(attr, flags) ||
	       posix_spawnattr_setsigdefault(attr, &all) ||
	       posix_spawnattr_setsigmask(attr, &none);
}

static int spawn(struct child *c, const struct child_spec *spec, int io,
		 int errors)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	int failed;

	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	failed = posix_spawn_file_actions_adddup2(&files, io, STDIN_FILENO) ||
		 posix_spawn_file_actions_adddup2(&files, io, STDOUT_FILENO) ||
		 posix_spawn_file_actions_adddup2(&files, errors, STDERR_FILENO) ||
		 (spec->cwd &&
		  posix_spawn_file_actions_addchdir_np(&files, spec->cwd)) ||
		 spawn_attributes(&attr, spec->may_prompt);
	failed = failed ? ENOMEM
			: posix_spawnp(&c->pid, spec->argv->v[0], &files, &attr,
				       spec->argv->v, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	if (failed)
		c->pid = 0;
	return failed;
}

int child_start(struct child *c, const struct child_spec *spec, int *fd,
		struct err *err)
{
	int io[2], errors[2], failed;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, io) < 0)
		return err_sys(err, "cannot make a socket pair");
	AUTO_FD int ours = io[0];
	AUTO_FD int theirs = io[1];

	if (pipe2(errors, O_CLOEXEC) < 0)
		return err_sys(err, "cannot make a pipe");
	AUTO_FD int errors_rd = errors[0];
	AUTO_FD int errors_wr = errors[1];
	AUTO_FD int wake = eventfd(0, EFD_CLOEXEC);

	if (wake < 0)
		return err_sys(err, "cannot make an event descriptor");
	failed = spawn(c, spec, theirs, errors_wr);
	if (failed) {
		errno = failed;
		return err_sys(err, "cannot run '%s'", spec->argv->v[0]);
	}
	c->stderr_fd = TAKE_FD(errors_rd);
	c->wake = TAKE_FD(wake);
	c->tail = spec->tail;
	c->draining = !thread_start(&c->drainer, drain, c);
	*fd = TAKE_FD(ours);
	return 0;
}

/* Polls with growing pauses: an agent or ssh usually ends at once. */
static int reap(struct child *c, int wait_ms)
{
	int64_t end = deadline_in(wait_ms);
	struct timespec pause = { .tv_nsec = 200 * 1000 };
	int ws;

	for (;;) {
		pid_t got = waitpid(c->pid, &ws, WNOHANG);

		if (got == c->pid) {
			c->pid = 0;
			return WIFSIGNALED(ws) ? 128 + WTERMSIG(ws)
					       : WEXITSTATUS(ws);
		}
		if ((got < 0 && errno != EINTR) || !deadline_left(end))
			return -1;
		nanosleep(&pause, NULL);
		if (pause.tv_nsec < 20 * 1000 * 1000)
			pause.tv_nsec *= 2;
	}
}

int child_finish(struct child *c, int wait_ms, bool kill_late)
{
	uint64_t one = 1;
	int status = -1;

	if (c->pid) {
		status = reap(c, wait_ms);
		if (c->pid && kill_late) {
			kill(c->pid, SIGTERM);
			status = reap(c, 1000);
		}
		c->pid = 0;
	}
	if (c->draining) {
		/* What it wrote last is read before the thread looks here. */
		if (write(c->wake, &one, sizeof(one)) < 0)
			pthread_cancel(c->drainer);
		pthread_join(c->drainer, NULL);
		c->draining = false;
	}
	if (c->stderr_fd >= 0)
		close_quietly(TAKE_FD(c->stderr_fd));
	if (c->wake >= 0)
		close_quietly(TAKE_FD(c->wake));
	return status;
}

static int read_all(int fd, int64_t end, struct strbuf *out, struct err *err)
{
	char chunk[8192];

	for (;;) {
		struct pollfd pfd = { .fd = fd, .events = POLLIN };
		int ready = poll(&pfd, 1, deadline_left(end));
		ssize_t n;

		if (!ready)
			return err_set(err, ERR_FAILED, "it does not end");
		n = ready < 0 ? -1 : read(fd, chunk, sizeof(chunk));
		if (!n || (n < 0 && errno == ECONNRESET))
			return 0;
		if (n < 0 && errno != EINTR)
			return err_sys(err, "cannot read from it");
		if (n > 0 && strbuf_add(out, chunk, (size_t)n) < 0)
			return err_set(err, ERR_FAILED, "it prints too much");
	}
}

int child_capture(const struct strvec *argv, int timeout_ms, struct strbuf *out,
		  struct err *err)
{
	AUTO_STRBUF struct strbuf said = STRBUF_INIT;
	struct child c = CHILD_INIT;
	struct tail tail;
	struct child_spec spec = { .argv = argv, .tail = &tail };
	int fd = -1, ret, status;

	tail_init(&tail);
	ret = child_start(&c, &spec, &fd, err);
	if (!ret) {
		(void)shutdown(fd, SHUT_WR);
		ret = read_all(fd, deadline_in(timeout_ms), out, err);
		close_quietly(fd);
		status = child_finish(&c, ret ? 0 : 2000, true);
		tail_show_last(&tail, &said);
		if (!ret && status)
			ret = err_set(err, ERR_FAILED, "%s",
				      said.len ? said.buf : "it failed");
	}
	tail_destroy(&tail);
	return ret;
}
