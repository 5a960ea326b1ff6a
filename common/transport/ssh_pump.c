#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/transport/deadline.h"
#include "common/transport/ssh_link.h"
#include "common/transport/ssh_tcp.h"

#include <poll.h>
#include <sys/socket.h>

/*
 * Moves bytes between the pipe and the channel, in one thread that owns the
 * session. Nothing in it blocks but poll().
 *
 * libssh2 wants a call that could only send part of a packet to be repeated
 * before any other call that sends (also a read does: window updates). So the
 * operation that waits for the socket to take more is remembered, and nothing
 * else is done until it went through.
 */
#define UP_BYTES   (128 * 1024)
#define DOWN_BYTES (256 * 1024)
/* Once our end is closed: for what is still to be sent, then for a bye. */
#define FLUSH_MS 5000

enum pump_op { OP_NONE, OP_EXEC, OP_WRITE, OP_READ, OP_STDERR, OP_EOF };

struct buffer {
	char *bytes;
	size_t from, to, size;
};

struct pump {
	struct ssh_link *l;
	struct buffer up, down;
	enum pump_op stuck; /* sent in part */
	bool started;	    /* exec was answered */
	bool exec_sent;	    /* all of the request left */
	bool up_eof;	    /* the pipe has no more for us */
	bool eof_sent;
	bool down_eof;	 /* the channel has no more for us */
	bool closed;	 /* nobody reads the pipe any more */
	bool dead;	 /* the connection is of no more use */
	int64_t give_up; /* 0: never */
};

static bool wants_out(const struct pump *p)
{
	return libssh2_session_block_directions(p->l->session) &
	       LIBSSH2_SESSION_BLOCK_OUTBOUND;
}

/* The result of a libssh2 call; true when it made progress. */
static bool settle(struct pump *p, enum pump_op op, ssize_t rc)
{
	if (rc == LIBSSH2_ERROR_EAGAIN) {
		p->stuck = wants_out(p) ? op : OP_NONE;
		return false;
	}
	p->stuck = OP_NONE;
	if (rc < 0) {
		const char *why = ssh_link_error(p->l);

		/* With what the far end itself said on stderr. */
		tail_add(p->l->route.tail, why, strlen(why));
		tail_add(p->l->route.tail, "\n", 1);
		p->dead = true;
	}
	return rc > 0;
}

static bool do_exec(struct pump *p)
{
	struct ssh_link *l = p->l;
	ssize_t rc = SSH_CALL(
		&l->broken,
		libssh2_channel_process_startup(l->channel, "exec", 4, l->line,
						(unsigned int)strlen(l->line)),
		LIBSSH2_ERROR_SOCKET_DISCONNECT);

	settle(p, OP_EXEC, rc);
	/* Waiting for the answer only: bytes may follow at once. */
	p->exec_sent = !p->stuck;
	p->started = !rc;
	return !rc;
}

static bool do_write(struct pump *p)
{
	ssize_t rc = SSH_CALL(&p->l->broken,
			      libssh2_channel_write(p->l->channel,
						    p->up.bytes + p->up.from,
						    p->up.to - p->up.from),
			      LIBSSH2_ERROR_SOCKET_DISCONNECT);

	if (settle(p, OP_WRITE, rc))
		p->up.from += (size_t)rc;
	if (p->up.from == p->up.to)
		p->up.from = p->up.to = 0;
	return rc > 0;
}

static bool do_read(struct pump *p)
{
	ssize_t rc = SSH_CALL(&p->l->broken,
			      libssh2_channel_read(p->l->channel,
						   p->down.bytes + p->down.to,
						   p->down.size - p->down.to),
			      LIBSSH2_ERROR_SOCKET_DISCONNECT);

	if (settle(p, OP_READ, rc))
		p->down.to += (size_t)rc;
	return rc > 0;
}

static bool do_stderr(struct pump *p)
{
	char chunk[4096];
	ssize_t rc = SSH_CALL(&p->l->broken,
			      libssh2_channel_read_stderr(p->l->channel, chunk,
							  sizeof(chunk)),
			      LIBSSH2_ERROR_SOCKET_DISCONNECT);

	if (settle(p, OP_STDERR, rc))
		tail_add(p->l->route.tail, chunk, (size_t)rc);
	return rc > 0;
}

static bool do_eof(struct pump *p)
{
	ssize_t rc = SSH_CALL(&p->l->broken,
			      libssh2_channel_send_eof(p->l->channel),
			      LIBSSH2_ERROR_SOCKET_DISCONNECT);

	settle(p, OP_EOF, rc);
	p->eof_sent = !rc;
	return !rc;
}

static bool run_op(struct pump *p, enum pump_op op)
{
	switch (op) {
	case OP_EXEC: return do_exec(p);
	case OP_WRITE: return do_write(p);
	case OP_READ: return do_read(p);
	case OP_STDERR: return do_stderr(p);
	case OP_EOF: return do_eof(p);
	case OP_NONE: break;
	}
	return false;
}

static bool op_is_due(const struct pump *p, enum pump_op op)
{
	switch (op) {
	case OP_EXEC: return !p->started;
	case OP_WRITE: return p->exec_sent && p->up.from < p->up.to;
	case OP_READ:
		return p->started && !p->down_eof && p->down.to < p->down.size;
	case OP_STDERR: return p->started && !p->down_eof;
	case OP_EOF:
		return p->started && p->up_eof && p->up.from == p->up.to &&
		       !p->eof_sent;
	case OP_NONE: break;
	}
	return false;
}

/* Everything the session can do now; true when anything moved. */
static bool run_session(struct pump *p)
{
	static const enum pump_op order[] = { OP_EXEC, OP_WRITE, OP_READ,
					      OP_STDERR, OP_EOF };
	bool moved = false;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(order) && !p->dead; i++) {
		if (p->stuck && p->stuck != order[i])
			continue;
		if (p->stuck || op_is_due(p, order[i]))
			moved |= run_op(p, order[i]);
	}
	if (p->started && !p->dead && !p->stuck &&
	    libssh2_channel_eof(p->l->channel) == 1)
		p->down_eof = true;
	return moved;
}

static bool fill_up(struct pump *p)
{
	struct buffer *b = &p->up;
	ssize_t n;

	if (p->up_eof || b->to == b->size)
		return false;
	n = recv(p->l->far, b->bytes + b->to, b->size - b->to, MSG_DONTWAIT);
	if (n > 0)
		b->to += (size_t)n;
	else if (!n || (errno != EAGAIN && errno != EINTR))
		p->up_eof = true;
	return n > 0;
}

static bool empty_down(struct pump *p)
{
	struct buffer *b = &p->down;
	ssize_t n;

	if (b->from == b->to)
		return false;
	n = send(p->l->far, b->bytes + b->from, b->to - b->from,
		 MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		p->closed = true;
		b->from = b->to; /* nobody wants it */
	}
	b->from += n > 0 ? (size_t)n : 0;
	if (b->from == b->to)
		b->from = b->to = 0;
	return n > 0;
}

static void wait_for_more(struct pump *p)
{
	short far = 0, sock = 0;
	int timeout = p->give_up ? deadline_left(p->give_up) : -1;
	bool answers = !p->started || p->up.from < p->up.to ||
		       p->down.to < p->down.size;

	if (!p->up_eof && p->up.to < p->up.size)
		far |= POLLIN;
	if (p->down.from < p->down.to)
		far |= POLLOUT;
	if (p->stuck)
		sock |= POLLOUT;
	/* With no room for it, what comes is left to the window. */
	if (answers)
		sock |= POLLIN;

	struct pollfd fds[2] = {
		{ .fd = p->closed ? -1 : p->l->far, .events = far },
		{ .fd = sock ? p->l->sock : -1, .events = sock }
	};

	ssh_tcp_ack_now(p->l->sock);
	if (poll(fds, 2, timeout) < 0 && errno != EINTR)
		p->dead = true;
	/* A closed peer shows here even while nothing is asked of it. */
	if (fds[0].revents & (POLLHUP | POLLERR))
		p->closed = true;
}

static bool is_done(struct pump *p)
{
	if (p->dead)
		return true;
	if (p->closed && !p->give_up)
		p->give_up = deadline_in(FLUSH_MS);
	if (p->give_up && !deadline_left(p->give_up))
		return true;
	/* Our end is closed: done when what it wrote, and EOF, is sent. */
	if (p->closed)
		return p->eof_sent || !p->exec_sent;
	return p->down_eof && p->down.from == p->down.to;
}

static void *pump_run(void *arg)
{
	struct pump *p = arg;

	while (!is_done(p)) {
		bool moved = fill_up(p);

		moved |= run_session(p);
		moved |= empty_down(p);
		if (!moved && !is_done(p))
			wait_for_more(p);
	}
	/* What arrived before the connection died still counts. */
	while (!p->closed && p->down.from < p->down.to && empty_down(p))
		;
	(void)shutdown(p->l->far, SHUT_RDWR);
	free(p->up.bytes);
	free(p->down.bytes);
	free(p);
	return NULL;
}

static void buffer_init(struct buffer *b, size_t size)
{
	b->bytes = xcalloc(1, size);
	b->size = size;
}

int ssh_pump_start(struct ssh_link *l, int *fd, struct err *err)
{
	struct pump *p = xcalloc(1, sizeof(*p));
	int pair[2], failed;

	p->l = l;
	buffer_init(&p->up, UP_BYTES);
	buffer_init(&p->down, DOWN_BYTES);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
		failed = errno;
	} else {
		l->far = pair[1];
		failed = thread_start(&l->pump, pump_run, p);
		if (!failed) {
			l->pumping = true;
			*fd = pair[0];
			return 0;
		}
		close_quietly(pair[0]);
	}
	free(p->up.bytes);
	free(p->down.bytes);
	free(p);
	errno = failed;
	return err_sys(err, "cannot start the connection's thread");
}
