#include "common/base/base.h"
#include "common/sys/clock.h"
#include "common/wire/message.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

/*
 * Speaks to an agent without git in between, for what has to happen often:
 *
 *	agent-drive switch <agent> <root> <n> <id> <id>	"current" n times to
 *							and fro, one connection
 *	agent-drive lock <agent> <root> <n> <file>	takes the lock n times;
 *		while holding it, makes <file>, which must not be there, and
 *		removes it; odd rounds end with kill -9 of the agent
 *
 * lock prints how often it was given. Exit status 1 when a promise was broken.
 */
struct drive {
	pid_t pid;
	int fd;
	struct pkt_reader in;
};

static int start(struct drive *d, const char *agent)
{
	char line[128];
	int ends[2];
	size_t n = 0;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		return -1;
	d->pid = fork();
	if (!d->pid) {
		(void)dup2(ends[1], 0);
		(void)dup2(ends[1], 1);
		close(ends[0]);
		execl(agent, agent, "serve", "nonce", "-", (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	d->fd = ends[0];
	/* "\ngit-release-agent nonce 1\n" */
	for (int lines = 0; lines < 2 && n < sizeof(line); n++) {
		if (read(d->fd, line, 1) != 1)
			return -1;
		lines += *line == '\n';
	}
	pkt_reader_init(&d->in, d->fd);
	return 0;
}

static void finish(struct drive *d)
{
	close(d->fd);
	(void)waitpid(d->pid, NULL, 0);
}

/* 0, or the code of the error that came. */
static int call(struct drive *d, struct strbuf *req, struct err *err)
{
	int code = 0;

	request_end(req);
	if (send(d->fd, req->buf, req->len, MSG_NOSIGNAL) != (ssize_t)req->len)
		return ERR_UNKNOWN;
	for (;;) {
		int type = pkt_read(&d->in, 30000, err);

		if (type == PKT_FLUSH)
			return code;
		if (type != PKT_DATA || !d->in.len)
			return code ? code : ERR_UNKNOWN;
		if (d->in.data[0] == BAND_ERROR)
			code = reply_take_error(d->in.data + 1, d->in.len - 1,
						err);
	}
}

static int open_root(struct drive *d, const char *root, struct err *err)
{
	AUTO_STRBUF struct strbuf req = STRBUF_INIT;

	request_begin(&req, "open");
	request_add(&req, "root", "%s", root);
	request_add(&req, "who", "drive");
	request_add(&req, "reason", "a test");
	request_add(&req, "mode", "change");
	return call(d, &req, err);
}

static int switch_to(struct drive *d, const char *id, const char *from,
		     struct err *err)
{
	AUTO_STRBUF struct strbuf req = STRBUF_INIT;

	request_begin(&req, "activate");
	request_add(&req, "id", "%s", id);
	request_add(&req, "expect", "%s", from);
	request_add(&req, "kind", "activate");
	return call(d, &req, err);
}

/* ids[0] is live. */
static int do_switch(const char *agent, const char *root, long n, char **ids)
{
	AUTO_ERR struct err err = ERR_INIT;
	struct drive d;
	int code = start(&d, agent) < 0 ? -1 : open_root(&d, root, &err);

	for (long i = 0; !code && i < n; i++)
		code = switch_to(&d, ids[(i + 1) % 2], ids[i % 2], &err);
	finish(&d);
	if (code)
		fprintf(stderr, "%d %s\n", code, err.msg.buf);
	return code != 0;
}

static int one_lock(const char *agent, const char *root, long i, const char *file)
{
	AUTO_ERR struct err err = ERR_INIT;
	struct drive d;
	int got = 0, fd;

	if (start(&d, agent) < 0)
		return -1;
	if (!open_root(&d, root, &err)) {
		fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		got = fd < 0 ? -1 : 1;
		if (fd >= 0)
			close(fd);
		(void)unlink(file);
		if (i % 2)
			(void)kill(d.pid, SIGKILL);
	} else if (err.code != ERR_LOCKED) {
		fprintf(stderr, "%d %s\n", err.code, err.msg.buf);
		got = -1;
	}
	finish(&d);
	return got;
}

static int do_lock(const char *agent, const char *root, long n, const char *file)
{
	long given = 0, broken = 0;

	for (long i = 0; i < n; i++) {
		int got = one_lock(agent, root, i, file);

		given += got > 0;
		broken += got < 0;
	}
	printf("%ld\n", given);
	return broken != 0;
}

int main(int argc, char **argv)
{
	(void)signal(SIGPIPE, SIG_IGN);
	if (argc == 7 && !strcmp(argv[1], "switch"))
		return do_switch(argv[2], argv[3], strtol(argv[4], NULL, 10),
				 argv + 5);
	if (argc == 6 && !strcmp(argv[1], "lock"))
		return do_lock(argv[2], argv[3], strtol(argv[4], NULL, 10),
			       argv[5]);
	return 129;
}
