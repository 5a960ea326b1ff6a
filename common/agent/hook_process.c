#include "common/base/base.h"
#include "common/agent/hook_process.h"

#include "common/sys/clock.h"
#include "common/sys/fileio.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#define LINE_LIMIT   4096
#define KILL_AFTER   5000 /* ms between SIGTERM and SIGKILL */
#define LINGER_MS    300  /* for output still on its way after the end */
#define POLL_STEP_MS 100

struct output {
	struct agent *a;
	int fd, log_fd;
	size_t shown;
	bool capped;
	struct strbuf line;
};

extern char **environ;

/* Only what is safe between fork and exec in a program with threads. */
static NORETURN void become_hook(struct agent *a, const struct hook_process *p,
				 char **env, int out)
{
	char *const argv[] = { (char *)"sh", (char *)"-c", (char *)p->command,
			       NULL };
	sigset_t none;
	int null;

	(void)setsid();
	for (int sig = 1; sig < NSIG; sig++)
		(void)signal(sig, SIG_DFL);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)umask(a->login_umask);
	null = open("/dev/null", O_RDONLY);
	if (fchdir(p->cwd_fd) < 0 || null < 0 || dup2(null, 0) < 0 ||
	    dup2(out, 1) < 0 || dup2(out, 2) < 0)
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
			deadline = clock_ms() + KILL_AFTER;
		}
		if (!ended || open)
			wait_for_output(o);
	}
	flush_line(o);
	/* What it started in its own group ends with a hook that was cut. */
	if (result->timed_out)
		(void)kill(-pid, SIGKILL);
}

int hook_process_run(struct agent *a, const struct hook_process *p,
		     struct hook_result *result, struct err *err)
{
	struct output o = { .a = a, .log_fd = p->log_fd, .line = STRBUF_INIT };
	AUTO_FREE char **env = merge_env(p->env);
	int ends[2];
	pid_t pid;

	if (!env || pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(err, "cannot start a hook");
	AUTO_FD int rd = ends[0];

	pid = fork();
	if (!pid)
		become_hook(a, p, env, ends[1]);
	close_quietly(ends[1]);
	if (pid < 0)
		return err_sys(err, "cannot start a hook");
	(void)fcntl(rd, F_SETFL, O_NONBLOCK);
	o.fd = rd;
	supervise(&o, pid, p->timeout, result);
	strbuf_release(&o.line);
	return 0;
}
