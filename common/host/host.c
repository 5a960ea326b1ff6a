#include "common/base/base.h"
#include "common/host/host.h"

#include "common/base/mem.h"
#include "common/host/host_state.h"
#include "common/host/host_view.h"
#include "common/sys/clock.h"
#include "common/sys/fault.h"

#include <poll.h>
#include <sys/socket.h>

bool host_wants_stop(const struct host *h)
{
	const struct host_listener *l = h->listener;

	return l->stop && l->stop(l->ctx);
}

bool host_wants_leave(const struct host *h)
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
		if (h->cancelled ? host_wants_leave(h) : host_wants_stop(h))
			return -1;
		errno = ETIMEDOUT;
		if (clock_ms() - moved > HOST_SILENCE_MAX_MS)
			return -1;
		(void)poll(&out, 1, HOST_POLL_MS);
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

int host_cancel(struct host *h)
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

	if (!h->cancelled && host_wants_stop(h)) {
		(void)!host_cancel(h);
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
	if (send_request(h, request, err) < 0)
		return err->code;
	return host_reply_bytes(h, sink, err);
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
	if (req->plain)
		request_add(out, "plain", "1");
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
