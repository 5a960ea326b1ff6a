#include "common/base/base.h"
#include "common/agent/agent.h"

#include "common/sys/clock.h"
#include "common/sys/fault.h"

#include <poll.h>
#include <time.h>

/*
 * A client that does not read any more must not stop us, nor keep the lock
 * for ever: after a while nobody is written to.
 */
static int send_or_give_up(struct agent *a, const char *p, size_t len)
{
	while (len) {
		struct pollfd out = { .fd = a->out, .events = POLLOUT };
		size_t take = len;
		ssize_t n = fault_short("reply to client", &take)
				    ? -1
				    : write(a->out, p, take);

		if (n < 0 && errno == EAGAIN &&
		    poll(&out, 1, AGENT_PATIENCE_MS) == 0)
			return -1;
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return -1;
		if (n > 0) {
			p += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

void agent_send(struct agent *a, const struct strbuf *packets)
{
	pthread_mutex_lock(&a->out_lock);
	if (!a->gone && send_or_give_up(a, packets->buf, packets->len) < 0)
		a->gone = true;
	pthread_mutex_unlock(&a->out_lock);
}

void agent_tell(struct agent *a, const char *kind, const char *fmt, ...)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	va_list ap;

	strbuf_addf(&text, "%s ", kind);
	va_start(ap, fmt);
	strbuf_vaddf(&text, fmt, ap);
	va_end(ap);
	if (text.len > 16384)
		strbuf_setlen(&text, 16384);
	pkt_add_band(&out, BAND_PROGRESS, text.buf, text.len);
	agent_send(a, &out);
}

void agent_send_error(struct agent *a, const struct err *err)
{
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;

	reply_add_error(&out, err);
	pkt_add_flush(&out);
	agent_send(a, &out);
}

static int silent(struct agent *a, struct err *err)
{
	a->gone = true;
	return err_set(err, ERR_INTERRUPTED, "the client is gone");
}

int agent_listen(struct agent *a, int timeout_ms, struct err *err)
{
	if (a->gone)
		return silent(a, err);
	for (;;) {
		int type = pkt_read(&a->in, timeout_ms, err);

		if (type < 0 || type == PKT_EOF)
			return silent(a, err);
		if (type == PKT_TIMEOUT)
			break;
		if (type != PKT_DATA || a->in.len != 1)
			return err_set(err, ERR_INTERRUPTED,
				       "the client spoke out of turn");
		a->heard_at = clock_ms();
		if (a->in.data[0] == BAND_CANCEL)
			a->cancelled = true;
		timeout_ms = 0;
	}
	if (a->cancelled)
		return err_set(err, ERR_INTERRUPTED, "stopped as asked");
	if (clock_ms() - a->heard_at > AGENT_PATIENCE_MS)
		return silent(a, err);
	return 0;
}

static void *tick(void *arg)
{
	const struct timespec pause = { .tv_sec = ALIVE_EVERY_MS / 1000 };
	struct agent *a = arg;

	for (;;) {
		AUTO_STRBUF struct strbuf out = STRBUF_INIT;

		nanosleep(&pause, NULL);
		pkt_add_band(&out, BAND_ALIVE, "", 0);
		agent_send(a, &out);
	}
	return NULL;
}

void agent_start_alive(struct agent *a)
{
	pthread_t thread;

	if (!pthread_create(&thread, NULL, tick, a))
		pthread_detach(thread);
}
