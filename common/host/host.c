#include "common/base/base.h"
#include "common/host/host.h"

#include "common/base/mem.h"
#include "common/host/host_view.h"
#include "common/sys/clock.h"
#include "common/sys/fault.h"

#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>

#define POLL_MS 200
/* A server that syncs a slow disk may say nothing for a while. */
#define SILENCE_MAX_MS fault_wait("GIT_RELEASE_SILENCE_MS", 120000)
/* Heartbeats alone: after so long, and each time it has doubled, it is said. */
#define QUIET_MS fault_wait("GIT_RELEASE_QUIET_MS", 30000)
/* What one reply may tell in all: 64 hooks that print what they may. */
#define TOLD_MAX (64u << 20)

struct host {
	struct transport *transport;
	const struct host_listener *listener;
	struct pkt_reader in;
	pthread_mutex_t lock; /* of what is written */
	pthread_cond_t wake;
	pthread_t alive;
	bool alive_runs, closing, cancelled, cut;
	uint64_t sent, received;
};

static bool wants_stop(const struct host *h)
{
	const struct host_listener *l = h->listener;

	return l->stop && l->stop(l->ctx);
}

static bool wants_leave(const struct host *h)
{
	const struct host_listener *l = h->listener;

	return l->leave && l->leave(l->ctx);
}

const char *host_name(const struct host *h)
{
	return transport_host(h->transport);
}

void host_traffic(const struct host *h, uint64_t *sent, uint64_t *received)
{
	*sent = h->sent;
	*received = h->received;
}

/*
 * A far end that takes nothing for long is dead, and one that takes nothing
 * must not keep a person who wants to stop.
 */
static int write_locked(struct host *h, const void *data, size_t len)
{
	struct pollfd out = { .fd = transport_fd(h->transport),
			      .events = POLLOUT };
	int64_t moved = clock_ms();
	const char *p = data;

	while (len) {
		size_t take = len;
		ssize_t n = fault_short("send to agent", &take)
				    ? -1
				    : send(out.fd, p, take,
					   MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n > 0) {
			p += n;
			len -= (size_t)n;
			h->sent += (uint64_t)n;
			moved = clock_ms();
			continue;
		}
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return -1;
		errno = EINTR;
		if (h->cancelled ? wants_leave(h) : wants_stop(h))
			return -1;
		errno = ETIMEDOUT;
		if (clock_ms() - moved > SILENCE_MAX_MS)
			return -1;
		(void)poll(&out, 1, POLL_MS);
	}
	return 0;
}

bool host_is_cut(const struct host *h)
{
	return h->cut;
}

void host_hang_up(struct host *h)
{
	(void)shutdown(transport_fd(h->transport), SHUT_WR);
	h->cut = true;
}

/* Between two packets, where the agent looks for it. */
static int cancel(struct host *h)
{
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;

	h->cancelled = true;
	pkt_add_band(&out, BAND_CANCEL, "", 0);
	return host_send(h, out.buf, out.len, &ignored);
}

int host_send(struct host *h, const void *data, size_t len, struct err *err)
{
	int ret;

	if (!h->cancelled && wants_stop(h)) {
		(void)!cancel(h);
		errno = EINTR;
		ret = -1;
	} else {
		pthread_mutex_lock(&h->lock);
		ret = fault("send") ? -1 : write_locked(h, data, len);
		pthread_mutex_unlock(&h->lock);
	}
	if (ret == 0) {
		if (h->listener->sent)
			h->listener->sent(h->listener->ctx, h->sent);
		return 0;
	}
	if (errno == EINTR)
		err_set(err, ERR_INTERRUPTED, "interrupted");
	else
		err_sys(err, "the connection to %s broke", host_name(h));
	/* The agent must not wait for the rest; its last words may come. */
	host_hang_up(h);
	return err->code;
}

/* What waits to be read there already shows that we live. */
static bool takes_more(const struct host *h)
{
	struct pollfd out = { .fd = transport_fd(h->transport),
			      .events = POLLOUT };

	return poll(&out, 1, 0) == 1 && out.revents & POLLOUT;
}

/* Shows the agent that we are there, whatever else takes us long. */
static void *keep_alive(void *arg)
{
	struct host *h = arg;

	pthread_mutex_lock(&h->lock);
	while (!h->closing) {
		AUTO_STRBUF struct strbuf out = STRBUF_INIT;
		struct timespec until;

		(void)clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec += ALIVE_EVERY_MS / 1000;
		(void)pthread_cond_timedwait(&h->wake, &h->lock, &until);
		if (h->closing)
			break;
		pkt_add_band(&out, BAND_ALIVE, "", 0);
		if (takes_more(h) && write_locked(h, out.buf, out.len) < 0)
			break;
	}
	pthread_mutex_unlock(&h->lock);
	return NULL;
}

void host_close(struct host *h)
{
	if (!h)
		return;
	pthread_mutex_lock(&h->lock);
	h->closing = true;
	pthread_cond_signal(&h->wake);
	pthread_mutex_unlock(&h->lock);
	if (h->alive_runs)
		pthread_join(h->alive, NULL);
	transport_close(h->transport);
	pthread_mutex_destroy(&h->lock);
	pthread_cond_destroy(&h->wake);
	free(h);
}

/* What came of one reply so far. */
struct taken {
	struct message *fields; /* or: */
	const struct host_sink *bytes;
	uint64_t told;
	bool failed;
	int64_t quiet_since; /* nothing but heartbeats from then on */
	int quiet_ms;	     /* when that is told */
};

static void tell(struct host *h, const char *data, size_t len)
{
	AUTO_FREE char *text = xstrndup(data, len);
	char *blank = strchr(text, ' ');

	if (!blank || !h->listener->told)
		return;
	*blank = '\0';
	h->listener->told(h->listener->ctx, text, blank + 1);
}

static int broken(struct host *h, struct err *err)
{
	const char *said = transport_stderr(h->transport);

	return err_set(err, ERR_UNKNOWN,
		       "the connection to %s ended before "
		       "the answer came%s%s",
		       host_name(h), *said ? ": " : "", said);
}

static int take_error(struct host *h, const char *data, size_t len,
		      struct err *err)
{
	(void)reply_take_error(data, len, err);
	/* Which is its word for us, unless we asked it to stop. */
	if (!h->cancelled && !h->cut &&
	    (err->code == ERR_INTERRUPTED || err->code == ERR_TERMINATED))
		err->code = ERR_UNDONE;
	return err->code;
}

static int take_data(struct taken *t, const char *data, size_t len,
		     struct err *err)
{
	if (t->fields)
		return message_take(t->fields, data, len, err);
	if (!len)
		return err_set(err, ERR_UNKNOWN, "the agent sends nothing");
	return t->bytes->take(t->bytes->ctx, data, len, err);
}

static int take_packet(struct host *h, struct taken *t, struct err *err)
{
	const char *data = h->in.data + 1;
	size_t len = h->in.len - 1;

	switch (h->in.data[0]) {
	case BAND_FIELD: return take_data(t, data, len, err);
	case BAND_PROGRESS:
		t->told += len;
		if (t->told > TOLD_MAX)
			return err_set(err, ERR_UNKNOWN,
				       "the agent tells more than any hook may "
				       "print");
		tell(h, data, len);
		return 0;
	case BAND_ERROR:
		t->failed = true;
		(void)take_error(h, data, len, err);
		return 0;
	case BAND_ALIVE: return 0;
	default:
		return err_set(err, ERR_UNKNOWN,
			       "the agent sent what this client does not "
			       "know");
	}
}

static int silent(struct host *h, int patience, struct err *err)
{
	const char *said = transport_stderr(h->transport);

	return err_set(err, ERR_UNKNOWN,
		       "the agent on %s has shown no sign of life for %d s%s%s",
		       host_name(h), (patience + 999) / 1000, *said ? ": " : "",
		       said);
}

/* A step that takes for ever in an agent that lives is not ended, but said. */
static void tell_waiting(struct host *h, struct taken *t)
{
	char text[200];

	if (clock_ms() - t->quiet_since < t->quiet_ms)
		return;
	snprintf(text, sizeof(text),
		 "still waiting for the agent on %.100s: it lives, and says "
		 "nothing new for %d s",
		 host_name(h), t->quiet_ms / 1000);
	t->quiet_ms = t->quiet_ms < INT_MAX / 2 ? t->quiet_ms * 2 : INT_MAX;
	if (h->listener->told)
		h->listener->told(h->listener->ctx, "note", text);
}

static int left(struct host *h, struct err *err)
{
	return err_set(err, ERR_UNKNOWN,
		       "left without waiting for what %s still does",
		       host_name(h));
}

static int take_reply(struct host *h, struct taken *t, struct err *err)
{
	const int patience = SILENCE_MAX_MS;
	int64_t heard = clock_ms();

	t->quiet_since = heard;
	t->quiet_ms = QUIET_MS;
	for (;;) {
		int type = pkt_read(&h->in, POLL_MS, err);

		if (!h->cancelled && !h->cut && wants_stop(h))
			(void)!cancel(h);
		if (wants_leave(h))
			return left(h, err);
		if (type < 0)
			return err->code = ERR_UNKNOWN;
		if (type == PKT_EOF)
			return t->failed ? err->code : broken(h, err);
		if (type == PKT_FLUSH)
			return t->failed ? err->code : 0;
		if (type == PKT_TIMEOUT && clock_ms() - heard > patience)
			return silent(h, patience, err);
		tell_waiting(h, t);
		if (type == PKT_TIMEOUT)
			continue;
		heard = clock_ms();
		if (type != PKT_DATA || !h->in.len)
			return broken(h, err);
		h->received += h->in.len + 4;
		if (h->in.data[0] != BAND_ALIVE) {
			t->quiet_since = heard;
			t->quiet_ms = QUIET_MS;
		}
		if (take_packet(h, t, err) < 0)
			return err->code = ERR_UNKNOWN;
	}
}

int host_reply(struct host *h, struct message *reply, struct err *err)
{
	struct taken t = { .fields = reply };

	return take_reply(h, &t, err);
}

static int send_request(struct host *h, const struct strbuf *request,
			struct err *err)
{
	AUTO_STRBUF struct strbuf whole = STRBUF_INIT;

	strbuf_add(&whole, request->buf, request->len);
	request_end(&whole);
	return host_send(h, whole.buf, whole.len, err);
}

int host_stream(struct host *h, const struct strbuf *request,
		const struct host_sink *sink, struct err *err)
{
	struct taken t = { .bytes = sink };

	if (send_request(h, request, err) < 0)
		return err->code;
	return take_reply(h, &t, err);
}

int host_call(struct host *h, const struct strbuf *request,
	      struct message *reply, struct err *err)
{
	if (send_request(h, request, err) < 0)
		return err->code;
	return host_reply(h, reply, err);
}

/* The first request: it travels with what starts the agent. */
static void first_request(void *ctx, const char *root, const char *agent,
			  struct strbuf *out)
{
	const struct host_request *req = ctx;

	request_begin(out, "open");
	request_add(out, "root", "%s", root);
	request_add(out, "who", "%s", req->who);
	request_add(out, "reason", "%s", req->reason);
	request_add(out, "mode", "%s", req->change ? "change" : "look");
	request_add(out, "wait-ms", "%" PRIu64, req->wait_ms);
	if (req->adopt)
		request_add(out, "adopt", "1");
	if (agent)
		request_add(out, "agent", "%s", agent);
	request_end(out);
}

static void start_alive(struct host *h)
{
	h->alive_runs = !pthread_create(&h->alive, NULL, keep_alive, h);
}

int host_open(const struct host_request *req, struct host **out,
	      struct host_view *view, struct err *err)
{
	struct transport_target target = *req->target;
	AUTO_TRANSPORT struct transport *t = NULL;
	AUTO_MESSAGE struct message reply = MESSAGE_INIT;
	AUTO_HOST struct host *h = NULL;

	target.first = first_request;
	target.first_ctx = (void *)req;
	if (transport_open(&target, &t, err) < 0)
		return err->code;
	h = xcalloc(1, sizeof(*h));
	pthread_mutex_init(&h->lock, NULL);
	pthread_cond_init(&h->wake, NULL);
	h->listener = req->listener;
	h->transport = TAKE_PTR(t);
	pkt_reader_init(&h->in, transport_fd(h->transport));
	start_alive(h);
	if (host_reply(h, &reply, err) < 0) {
		/* Nothing was changed by what never began. */
		if (err->code == ERR_UNKNOWN)
			err->code = ERR_FAILED;
		return err->code;
	}
	if (host_view_take(view, &reply, err) < 0)
		return err->code;
	*out = TAKE_PTR(h);
	return 0;
}
