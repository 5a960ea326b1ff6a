#include "common/base/base.h"
#include "common/agent/hook_process.h"

#include "common/agent/hook_guard.h"
#include "common/sys/clock.h"
#include "common/sys/fileio.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#define LINE_LIMIT   4096
#define LINGER_MS    300 /* for output still on its way after the end */
#define POLL_STEP_MS 100

struct output {
	struct agent *a;
	int fd, log_fd;
	size_t shown;
	bool capped;
	struct strbuf line;
};

extern char **environ;

/* Our ends, and those of the child. */
struct hook_pipes {
	int out[2]; /* what it prints */
	int go[2];  /* one byte, once it is guarded: then it may begin */
};

static void close_pipes(struct hook_pipes *pipes)
{
	for (int i = 0; i < 2; i++) {
		if (pipes->out[i] >= 0)
			close_quietly(pipes->out[i]);
		if (pipes->go[i] >= 0)
			close_quietly(pipes->go[i]);
	}
}

/* Only what is safe between fork and exec in a program with threads. */
static NORETURN void become_hook(struct agent *a, const struct hook_process *p,
				 char **env, const struct hook_pipes *pipes)
{
	char *const argv[] = { (char *)"sh", (char *)"-c", (char *)p->command,
			       NULL };
	sigset_t none;
	int null;
	char go;

	(void)setsid();
	/* Nothing comes when the agent dies before it is guarded. */
	close_quietly(pipes->go[1]);
	if (read(pipes->go[0], &go, 1) != 1)
		_exit(126);
	for (int sig = 1; sig < NSIG; sig++)
		(void)signal(sig, SIG_DFL);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)umask(a->login_umask);
	null = open("/dev/null", O_RDONLY);
	if (fchdir(p->cwd_fd) < 0 || null < 0 || dup2(null, 0) < 0 ||
	    dup2(pipes->out[1], 1) < 0 || dup2(pipes->out[1], 2) < 0)
		_exit(126);
	if (close_range(3, ~0u, 0) < 0)
		for (int fd = 3; fd < 1024; fd++)
			(void)close(fd);
	execve("/bin/sh", argv, env);
	_exit(127);
}

static char **merge_env(const struct strvec *extra)
{
	size_t n = 0, used = 0;
	char **env;

	while (environ[n])
		n++;
	env = calloc(n + extra->nr + 1, sizeof(*env));
	if (!env)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (strncmp(environ[i], "GIT_RELEASE_", 12))
			env[used++] = environ[i];
	for (size_t i = 0; i < extra->nr; i++)
		env[used++] = extra->v[i];
	return env;
}

static void flush_line(struct output *o)
{
	if (o->line.len)
		agent_tell(o->a, "line", "%s", o->line.buf);
	strbuf_reset(&o->line);
}

static void take_output(struct output *o, const char *data, size_t len)
{
	if (o->shown + len > HOOK_OUTPUT_MAX) {
		if (!o->capped) {
			flush_line(o);
			agent_tell(o->a, "warn",
				   "the hook prints more than is kept");
		}
		o->capped = true;
		return;
	}
	o->shown += len;
	if (o->log_fd >= 0 && write_all(o->log_fd, data, len) < 0)
		o->log_fd = -1;
	for (size_t i = 0; i < len; i++) {
		if (data[i] == '\n' || o->line.len >= LINE_LIMIT)
			flush_line(o);
		if (data[i] != '\n')
			strbuf_addch(&o->line, data[i]);
	}
}

/* False at the end of the output. */
static bool drain(struct output *o)
{
	char buf[8192];

	for (int i = 0; i < 64; i++) {
		ssize_t n = read(o->fd, buf, sizeof(buf));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN;
		if (!n)
			return false;
		take_output(o, buf, (size_t)n);
	}
	return true;
}

/* Keeps listening to the client, but never cuts a hook in half for it. */
static void wait_for_output(struct output *o)
{
	AUTO_ERR struct err ignored = ERR_INIT;
	struct pollfd p = { .fd = o->fd, .events = POLLIN };

	(void)poll(&p, o->fd < 0 ? 0 : 1, POLL_STEP_MS);
	if (!o->a->gone && !o->a->cancelled)
		(void)!agent_listen(o->a, 0, &ignored);
}

static void decode(int ws, struct hook_result *result)
{
	if (WIFSIGNALED(ws))
		result->signal = WTERMSIG(ws);
	else
		result->status = WEXITSTATUS(ws);
}

static void supervise(struct output *o, pid_t pid, uint64_t timeout,
		      struct hook_result *result)
{
	int64_t deadline = clock_ms() + (int64_t)timeout * 1000;
	int64_t linger = -1;
	bool open = true, ended = false;
	int ws;

	while (!ended || open) {
		pid_t got = ended ? 0 : waitpid(pid, &ws, WNOHANG);

		if (got == pid) {
			ended = true;
			linger = clock_ms() + LINGER_MS;
			decode(ws, result);
		}
		if (open && !drain(o))
			open = false;
		if (ended && clock_ms() >= linger)
			break;
		if (!ended && clock_ms() >= deadline) {
			(void)kill(-pid, result->timed_out ? SIGKILL : SIGTERM);
			result->timed_out = true;
			deadline = clock_ms() + HOOK_KILL_AFTER_MS;
		}
		if (!ended || open)
			wait_for_output(o);
	}
	flush_line(o);
	/* What it started in its own group ends with a hook that was cut. */
	if (result->timed_out)
		(void)kill(-pid, SIGKILL);
}

struct started {
	pid_t hook, guard;
};

/* Both are there, and the hook begins; or neither is. */
static int start(struct agent *a, const struct hook_process *p,
		 const struct hook_pipes *pipes, struct started *out)
{
	AUTO_FREE char **env = merge_env(p->env);

	out->hook = env ? fork() : -1;
	if (!out->hook)
		become_hook(a, p, env, pipes);
	if (out->hook < 0)
		return -1;
	out->guard = hook_guard_start(a, out->hook, pipes->out[0]);
	if (out->guard >= 0 && write_all(pipes->go[1], "", 1) == 0)
		return 0;
	if (out->guard >= 0)
		hook_guard_stop(out->guard);
	(void)kill(out->hook, SIGKILL);
	(void)waitpid(out->hook, NULL, 0);
	return -1;
}

int hook_process_run(struct agent *a, const struct hook_process *p,
		     struct hook_result *result, struct err *err)
{
	struct output o = { .a = a, .log_fd = p->log_fd, .line = STRBUF_INIT };
	CLEANUP(close_pipes)
	struct hook_pipes pipes = { { -1, -1 }, { -1, -1 } };
	struct started started;

	if (pipe2(pipes.go, O_CLOEXEC) < 0 || pipe2(pipes.out, O_CLOEXEC) < 0 ||
	    start(a, p, &pipes, &started) < 0)
		return err_sys(err, "cannot start a hook");
	close_quietly(TAKE_FD(pipes.out[1]));
	o.fd = pipes.out[0];
	(void)fcntl(o.fd, F_SETFL, O_NONBLOCK);
	supervise(&o, started.hook, p->timeout, result);
	hook_guard_stop(started.guard);
	strbuf_release(&o.line);
	return 0;
}
