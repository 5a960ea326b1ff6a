#include "common/base/base.h"
#include "common/sys/proc.h"
#include "common/sys/clock.h"
#include "common/sys/fault.h"
#include "common/sys/signals.h"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>

extern char **environ;

/* How often a child is looked at where the kernel has no pidfd. */
#define LOOK_MS 10
/* What an interrupted child gets to take its lock files away. */
#define STOP_MS 2000
/* How long a signal that came just before poll() may go unnoticed. */
#define NOTICE_MS 250

/* Sets child to what the child gets, and ours to our end of a pipe. */
static int prepare_fd(int want, bool reads, int *child, int *ours, struct err *err)
{
	int pipefd[2];

	if (want == PROC_NULL) {
		*child = open("/dev/null", O_RDWR | O_CLOEXEC);
		return *child < 0 ? err_sys(err, "cannot open /dev/null") : 0;
	}
	if (want != PROC_PIPE) {
		*child = -1;
		return 0;
	}
	if (pipe2(pipefd, O_CLOEXEC) < 0)
		return err_sys(err, "cannot make a pipe");
	*child = pipefd[reads ? 0 : 1];
	*ours = pipefd[reads ? 1 : 0];
	return 0;
}

static void map_fd(posix_spawn_file_actions_t *actions, int want, int made,
		   int target)
{
	if (want == PROC_STDOUT)
		posix_spawn_file_actions_adddup2(actions, STDOUT_FILENO, target);
	else if (made >= 0)
		posix_spawn_file_actions_adddup2(actions, made, target);
	else if (want >= 0)
		posix_spawn_file_actions_adddup2(actions, want, target);
}

static int spawn(pid_t *pid, const struct proc_spec *spec,
		 const posix_spawn_file_actions_t *actions)
{
	short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
	posix_spawnattr_t attr;
	sigset_t set;
	int failed;

	posix_spawnattr_init(&attr);
	sigemptyset(&set);
	posix_spawnattr_setsigmask(&attr, &set);
	/* We may ignore it; a child that lost its reader must not run on. */
	sigaddset(&set, SIGPIPE);
	posix_spawnattr_setsigdefault(&attr, &set);
	if (spec->own_group) {
		posix_spawnattr_setpgroup(&attr, 0);
		flags |= POSIX_SPAWN_SETPGROUP;
	}
	posix_spawnattr_setflags(&attr, flags);
	failed = posix_spawnp(pid, spec->argv[0], actions, &attr, spec->argv,
			      spec->env ? spec->env : environ);
	posix_spawnattr_destroy(&attr);
	return failed;
}

int proc_start(struct proc *p, const struct proc_spec *spec, struct err *err)
{
	posix_spawn_file_actions_t actions;
	AUTO_FD int in = -1, out = -1, errors = -1;
	AUTO_PROC struct proc made = PROC_INIT;
	pid_t pid = 0;
	int failed, ret;

	if ((ret = prepare_fd(spec->in, true, &in, &made.in, err)) < 0 ||
	    (ret = prepare_fd(spec->out, false, &out, &made.out, err)) < 0 ||
	    (ret = prepare_fd(spec->errors, false, &errors, &made.errors, err)) <
		    0)
		return ret;

	posix_spawn_file_actions_init(&actions);
	if (spec->dirfd >= 0)
		posix_spawn_file_actions_addfchdir_np(&actions, spec->dirfd);
	map_fd(&actions, spec->in, in, STDIN_FILENO);
	map_fd(&actions, spec->out, out, STDOUT_FILENO);
	map_fd(&actions, spec->errors, errors, STDERR_FILENO);
	failed = spawn(&pid, spec, &actions);
	posix_spawn_file_actions_destroy(&actions);
	if (failed) {
		errno = failed;
		return err_sys(err, "cannot run '%s'", spec->argv[0]);
	}
	p->pid = pid;
	p->own_group = spec->own_group;
	p->in = TAKE_FD(made.in);
	p->out = TAKE_FD(made.out);
	p->errors = TAKE_FD(made.errors);
	return 0;
}

/* 1 when the child is gone and reaped, 0 when it still runs. */
static int reap(struct proc *p, bool wait, int *status)
{
	siginfo_t info = { 0 };
	int ret, ws = 0;

	do
		ret = waitid(P_PID, (id_t)p->pid, &info,
			     WEXITED | WNOWAIT | (wait ? 0 : WNOHANG));
	while (ret < 0 && errno == EINTR);
	if (!ret && !info.si_pid)
		return 0;
	/*
	 * A group outlives its leader: what it left behind goes too. While
	 * the leader is not reaped, nobody else can get the group's number.
	 */
	if (!ret && p->own_group)
		(void)kill(-p->pid, SIGKILL);
	if (ret < 0 || waitpid(p->pid, &ws, 0) < 0)
		*status = 128; /* not ours to wait for: SIGCHLD is ignored */
	else if (WIFSIGNALED(ws))
		*status = 128 + WTERMSIG(ws);
	else
		*status = WEXITSTATUS(ws);
	p->pid = 0;
	return 1;
}

/* SIGKILL to the child or its group. */
static void kill_and_reap(struct proc *p)
{
	int status;

	if (p->pid <= 0)
		return;
	(void)kill(p->own_group ? -p->pid : p->pid, SIGKILL);
	(void)reap(p, true, &status);
}

static void close_end(int *fd)
{
	if (*fd >= 0)
		close_quietly(TAKE_FD(*fd));
}

void proc_release(struct proc *p)
{
	kill_and_reap(p);
	close_end(&p->in);
	close_end(&p->out);
	close_end(&p->errors);
}

/* Milliseconds left until "until"; -1 when there is no end. */
static int time_left(int64_t until)
{
	int64_t left;

	if (until < 0)
		return -1;
	left = until - clock_ms();
	if (left < 0)
		return 0;
	return left > INT_MAX ? INT_MAX : (int)left;
}

static int pidfd_of(pid_t pid)
{
#ifdef SYS_pidfd_open
	return (int)syscall(SYS_pidfd_open, pid, 0); /* O_CLOEXEC always */
#else
	(void)pid;
	return -1;
#endif
}

static int out_of_time(struct proc *p, struct err *err)
{
	kill_and_reap(p);
	return err_set(err, ERR_FAILED, "took too long and was stopped");
}

/*
 * One write that cannot raise SIGPIPE. It is blocked, and one that the write
 * made pending is taken back, as only this thread's own can be.
 */
static ssize_t write_once(int fd, const void *data, size_t len)
{
	struct timespec now = { 0 };
	sigset_t pipe_only, old;
	int saved;
	ssize_t n;

	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe_only, &old);
	n = fault_short("write to child", &len) ? -1 : write(fd, data, len);
	saved = errno;
	if (n < 0 && saved == EPIPE && !sigismember(&old, SIGPIPE))
		(void)sigtimedwait(&pipe_only, NULL, &now);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	errno = saved;
	return n;
}

int proc_write(struct proc *p, const void *data, size_t len)
{
	const char *from = data;

	while (len) {
		ssize_t n = write_once(p->in, from, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		from += n;
		len -= (size_t)n;
	}
	return 0;
}

struct talk_state {
	const struct proc_talk *talk;
	size_t written;
};

static int feed(struct proc *p, struct talk_state *s, struct err *err)
{
	const char *from = s->talk->input;
	ssize_t n;

	if (s->written < s->talk->input_len) {
		n = write_once(p->in, from + s->written,
			       s->talk->input_len - s->written);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return 0;
		if (n < 0 && errno != EPIPE)
			return err_sys(err, "cannot write to child");
		if (n < 0) /* it stopped listening: its status will tell */
			n = (ssize_t)(s->talk->input_len - s->written);
		s->written += (size_t)n;
	}
	if (s->written == s->talk->input_len)
		close_end(&p->in);
	return 0;
}

static int hear(struct talk_state *s, int *fd, bool is_error, bool *some,
		struct err *err)
{
	struct strbuf *to = is_error ? s->talk->errors : s->talk->out;
	char chunk[16384];
	ssize_t n = read(*fd, chunk, sizeof(chunk));

	*some = n > 0;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n < 0)
		return err_sys(err, "cannot read from child");
	if (!n) {
		close_end(fd);
		return 0;
	}
	if (s->talk->on_output)
		return s->talk->on_output(s->talk->ctx, chunk, (size_t)n, err);
	if (to && strbuf_add(to, chunk, (size_t)n) < 0 && !is_error)
		return err_set(err, ERR_FAILED, "output is too long");
	return 0;
}

/* Everything the child itself wrote is in the pipe by the time it is gone. */
static int hear_rest(struct talk_state *s, int *fd, bool is_error, struct err *err)
{
	bool some = true;
	int ret;

	/* A pipe holds 64 KiB, or 1 MiB if it was made larger; what flows
	   beyond that comes from somebody who was left behind. */
	for (int i = 0; i < 80 && some && *fd >= 0; i++)
		if ((ret = hear(s, fd, is_error, &some, err)) < 0)
			return ret;
	close_end(fd);
	return 0;
}

static int talk_once(struct proc *p, struct talk_state *s, int pidfd, int left,
		     struct err *err)
{
	struct pollfd pfd[4] = {
		{ .fd = p->in, .events = POLLOUT },
		{ .fd = p->out, .events = POLLIN },
		{ .fd = p->errors, .events = POLLIN },
		{ .fd = pidfd, .events = POLLIN },
	};
	bool some;
	int ret;

	if (left < 0 || left > NOTICE_MS)
		left = NOTICE_MS;
	if (pidfd < 0 && left > LOOK_MS)
		left = LOOK_MS;
	if ((ret = signals_check(err)) < 0)
		return ret;
	if (poll(pfd, 4, left) < 0)
		return errno == EINTR ? 0 : err_sys(err, "cannot wait");
	if (pfd[0].revents && (ret = feed(p, s, err)) < 0)
		return ret;
	if (pfd[1].revents && (ret = hear(s, &p->out, false, &some, err)) < 0)
		return ret;
	if (pfd[2].revents && (ret = hear(s, &p->errors, true, &some, err)) < 0)
		return ret;
	return 0;
}

static void set_nonblocking(int fd)
{
	if (fd >= 0)
		(void)fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

/* SIGTERM, and SIGKILL to one that does not mind it. */
static void stop(struct proc *p, int pidfd)
{
	struct pollfd pfd = { .fd = pidfd, .events = POLLIN };
	int64_t until = clock_ms() + STOP_MS;
	int status, left;

	(void)kill(p->own_group ? -p->pid : p->pid, SIGTERM);
	while (!reap(p, false, &status) && (left = time_left(until)))
		(void)poll(&pfd, 1, pidfd < 0 ? LOOK_MS : left);
	kill_and_reap(p);
}

int proc_talk(struct proc *p, const struct proc_talk *talk, int *status,
	      struct err *err)
{
	int64_t until = talk->timeout_ms ? clock_ms() + talk->timeout_ms : -1;
	struct talk_state s = { .talk = talk };
	AUTO_FD int pidfd = pidfd_of(p->pid);
	int ret = 0;

	set_nonblocking(p->in);
	set_nonblocking(p->out);
	set_nonblocking(p->errors);
	if (p->in >= 0 && !talk->input_len)
		close_end(&p->in);
	while (!reap(p, false, status)) {
		int left = time_left(until);

		if (!left)
			return out_of_time(p, err);
		if ((ret = talk_once(p, &s, pidfd, left, err)) < 0) {
			if (signals_pending())
				stop(p, pidfd);
			kill_and_reap(p);
			return ret;
		}
	}
	close_end(&p->in);
	if ((ret = hear_rest(&s, &p->out, false, err)) < 0)
		return ret;
	return hear_rest(&s, &p->errors, true, err);
}

int proc_capture(const struct strvec *argv, struct strbuf *out, int *status,
		 struct err *err)
{
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc_talk talk = { .out = out };
	AUTO_PROC struct proc p = PROC_INIT;
	int ret;

	spec.argv = argv->v;
	spec.in = PROC_INHERIT;
	spec.out = PROC_PIPE;
	if ((ret = proc_start(&p, &spec, err)) < 0)
		return ret;
	if ((ret = proc_talk(&p, &talk, status, err)) < 0)
		return err_prefix(err, "'%s'", argv->v[0]);
	return 0;
}
