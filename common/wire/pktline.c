#include "common/base/base.h"
#include "common/wire/pktline.h"

#include "common/sys/clock.h"

#include <poll.h>

void pkt_reader_init(struct pkt_reader *r, int fd)
{
	r->fd = fd;
	r->have = r->used = r->len = 0;
	r->data = NULL;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* The length field at p, or -1. */
static int pkt_length(const char *p)
{
	int n = 0;

	for (int i = 0; i < 4; i++) {
		int v = hex_value(p[i]);

		if (v < 0)
			return -1;
		n = n << 4 | v;
	}
	return n;
}

/* Whole packet in the buffer: its length; 0 not yet; -1 nonsense. */
static int pkt_waiting(const struct pkt_reader *r)
{
	size_t left = r->have - r->used;
	int n;

	if (left < 4)
		return 0;
	n = pkt_length(r->buf + r->used);
	if (n < 0 || n == 2 || n == 3 || n == 4 || n > LARGE_PACKET_MAX)
		return -1;
	if (n < 4)
		return 4;
	return left >= (size_t)n ? n : 0;
}

/* 1: some bytes came; 0: end of input; PKT_TIMEOUT; <0 error. */
static int fill(struct pkt_reader *r, int64_t deadline, struct err *err)
{
	if (r->used) {
		memmove(r->buf, r->buf + r->used, r->have - r->used);
		r->have -= r->used;
		r->used = 0;
	}
	for (;;) {
		struct pollfd p = { .fd = r->fd, .events = POLLIN };
		int wait = -1, ready;
		ssize_t n;

		if (deadline >= 0) {
			int64_t left = deadline - clock_ms();

			wait = left < 0 ? 0 : (int)left;
		}
		ready = poll(&p, 1, wait);
		if (ready < 0 && errno == EINTR)
			continue;
		if (ready < 0)
			return err_sys(err, "cannot wait for the other side");
		if (!ready)
			return PKT_TIMEOUT;
		n = read(r->fd, r->buf + r->have, sizeof(r->buf) - r->have);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n < 0 && errno == ECONNRESET)
			return 0;
		if (n < 0)
			return err_sys(err, "cannot read from the other side");
		r->have += (size_t)n;
		return n > 0;
	}
}

int pkt_read(struct pkt_reader *r, int timeout_ms, struct err *err)
{
	int64_t deadline = timeout_ms < 0 ? -1 : clock_ms() + timeout_ms;

	for (;;) {
		int n = pkt_waiting(r), got;
		const char *p = r->buf + r->used;

		if (n < 0)
			return err_set(err, ERR_FAILED,
				       "the other side sent something that is "
				       "not a packet");
		if (n) {
			r->used += (size_t)n;
			if (n == 4)
				return pkt_length(p) ? PKT_DELIM : PKT_FLUSH;
			r->data = p + 4;
			r->len = (size_t)n - 4;
			return PKT_DATA;
		}
		got = fill(r, deadline, err);
		if (got < 0 || got == PKT_TIMEOUT)
			return got;
		if (!got)
			return PKT_EOF;
	}
}

static void add_header(struct strbuf *out, size_t len)
{
	strbuf_addf(out, "%04x", (unsigned int)(len + 4));
}

void pkt_add(struct strbuf *out, const void *data, size_t len)
{
	add_header(out, len);
	strbuf_add(out, data, len);
}

void pkt_add_band(struct strbuf *out, int band, const void *data, size_t len)
{
	add_header(out, len + 1);
	strbuf_addch(out, band);
	strbuf_add(out, data, len);
}

void pkt_add_flush(struct strbuf *out)
{
	strbuf_addstr(out, "0000");
}

void pkt_add_delim(struct strbuf *out)
{
	strbuf_addstr(out, "0001");
}
