#ifndef PKTLINE_H
#define PKTLINE_H

#include "common/base/err.h"

/*
 * pkt-lines over one byte pipe, as in git's own protocols
 * (Documentation/gitprotocol-common.txt): four hex digits of length, which
 * count themselves, then the payload. 0000 is a flush, 0001 a delimiter.
 *
 * Reading never blocks for longer than the timeout and never takes more than
 * LARGE_PACKET_MAX at once, whatever the other side says.
 */
#define LARGE_PACKET_MAX 65520
#define PKT_DATA_MAX	 (LARGE_PACKET_MAX - 4)

enum pkt_type {
	PKT_EOF, /* the other side is gone */
	PKT_FLUSH,
	PKT_DELIM,
	PKT_DATA,
	PKT_TIMEOUT /* nothing complete arrived in time */
};

struct pkt_reader {
	int fd;
	size_t have, used; /* bytes in buf, and those already given */
	const char *data;  /* of the last PKT_DATA: borrowed, not NULed */
	size_t len;
	char buf[2 * LARGE_PACKET_MAX];
};

void pkt_reader_init(struct pkt_reader *r, int fd);

/*
 * The next packet. timeout_ms < 0 waits for ever. Returns an enum pkt_type,
 * or a negative error code when what arrived is no pkt-line.
 */
int pkt_read(struct pkt_reader *r, int timeout_ms, struct err *err) MUST_CHECK;

/* Appends one packet to out; len may be at most PKT_DATA_MAX. */
void pkt_add(struct strbuf *out, const void *data, size_t len);
/* The same with a band byte in front; len at most PKT_DATA_MAX - 1. */
void pkt_add_band(struct strbuf *out, int band, const void *data, size_t len);
void pkt_add_flush(struct strbuf *out);
void pkt_add_delim(struct strbuf *out);

#endif
