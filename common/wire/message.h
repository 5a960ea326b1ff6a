#ifndef MESSAGE_H
#define MESSAGE_H

#include "common/base/err.h"
#include "common/wire/pktline.h"

/*
 * What client and agent say to each other, in pkt-lines.
 *
 * A request is a packet with the verb, packets "key=value", and a flush. A
 * reply is packets whose first byte is a band, as in git's side-band-64k:
 * BAND_FIELD "key=value", BAND_PROGRESS for people, BAND_ERROR as below; then
 * a flush. A stream (the delta) is BAND_FIELD packets of raw bytes, a
 * delimiter after each frame, and a flush. Between requests and in streams
 * the client may send BAND_ALIVE packets to show that it is there, or
 * BAND_CANCEL to have the run undone; BAND_ALIVE comes from the
 * agent in replies, too. Keys repeat for lists. Values: any byte but NUL.
 */
#define BAND_FIELD    1
#define BAND_PROGRESS 2
#define BAND_ERROR    3
#define BAND_ALIVE    4
#define BAND_CANCEL   5

/* Both ends show a sign of life this often, and give up after so long. */
#define ALIVE_EVERY_MS 5000
#define ALIVE_GONE_MS  30000

/* The most one message may hold in all. */
#define MESSAGE_MAX	   (8u << 20)
#define MESSAGE_FIELDS_MAX (1u << 20)

struct message_field {
	size_t key, value; /* offsets into bytes */
};

struct message {
	struct strbuf bytes;
	struct message_field *fields;
	size_t nr, alloc;
};
#define MESSAGE_INIT                                                           \
	{                                                                      \
		.bytes = STRBUF_INIT                                           \
	}

void message_release(struct message *m);
#define AUTO_MESSAGE CLEANUP(message_release)

/* Takes one "key=value"; ERR_FAILED when it is no such thing. */
int message_take(struct message *m, const char *data, size_t len,
		 struct err *err) MUST_CHECK;

/* The last value of a key, or NULL: borrowed until m is released. */
const char *message_get(const struct message *m, const char *key);
/* The value, which must be there and be a number; else ERR_FAILED. */
int message_u64(const struct message *m, const char *key, uint64_t *out,
		struct err *err) MUST_CHECK;
/* The number, or fallback when there is none or it is nonsense. */
uint64_t message_u64_or(const struct message *m, const char *key,
			uint64_t fallback);
/* Walks a repeated key: start with *at = 0; NULL at the end. */
const char *message_next(const struct message *m, const char *key, size_t *at);

/*
 * Reads a request: its verb and its fields. PKT_DATA, or PKT_EOF and
 * PKT_TIMEOUT as pkt_read() has them, or an error code.
 */
int message_read_request(struct pkt_reader *r, int timeout_ms,
			 struct strbuf *verb, struct message *m,
			 struct err *err) MUST_CHECK;

void request_begin(struct strbuf *out, const char *verb);
void request_add(struct strbuf *out, const char *key, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
void request_end(struct strbuf *out);

/* One field of a reply. */
void reply_add(struct strbuf *out, const char *key, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
/* An error as the reply's last word: code, message and hint travel. */
void reply_add_error(struct strbuf *out, const struct err *err);
/*
 * The other side of reply_add_error(): returns the code that came, ERR_UNKNOWN
 * when it is none that an agent may give.
 */
int reply_take_error(const char *data, size_t len, struct err *err);

#endif
