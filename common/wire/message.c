#include "common/base/base.h"
#include "common/wire/message.h"

#include "common/base/mem.h"
#include "common/base/num.h"

/* Of an error's message, and of its hint. */
#define ERROR_TEXT_MAX 8192

void message_release(struct message *m)
{
	strbuf_release(&m->bytes);
	free(m->fields);
	*m = (struct message)MESSAGE_INIT;
}

int message_take(struct message *m, const char *data, size_t len, struct err *err)
{
	const char *eq = memchr(data, '=', len);
	struct message_field f;

	if (!eq || eq == data || memchr(data, '\0', len))
		return err_set(err, ERR_FAILED, "a field without a name came");
	if (m->bytes.len + len + 1 > MESSAGE_MAX || m->nr >= MESSAGE_FIELDS_MAX)
		return err_set(err, ERR_FAILED, "a message is too long");
	f.key = m->bytes.len;
	f.value = f.key + (size_t)(eq - data) + 1;
	strbuf_add(&m->bytes, data, len);
	strbuf_addch(&m->bytes, '\0');
	m->bytes.buf[f.value - 1] = '\0';
	ALLOC_GROW(m->fields, m->nr + 1, m->alloc);
	m->fields[m->nr++] = f;
	return 0;
}

const char *message_next(const struct message *m, const char *key, size_t *at)
{
	while (*at < m->nr) {
		const struct message_field *f = &m->fields[(*at)++];

		if (!strcmp(m->bytes.buf + f->key, key))
			return m->bytes.buf + f->value;
	}
	return NULL;
}

const char *message_get(const struct message *m, const char *key)
{
	for (size_t i = m->nr; i--;)
		if (!strcmp(m->bytes.buf + m->fields[i].key, key))
			return m->bytes.buf + m->fields[i].value;
	return NULL;
}

int message_u64(const struct message *m, const char *key, uint64_t *out,
		struct err *err)
{
	const char *s = message_get(m, key);

	if (!s || num_parse_u64(s, strlen(s), out) < 0)
		return err_set(err, ERR_FAILED,
			       "the other side gave no number for '%s'", key);
	return 0;
}

uint64_t message_u64_or(const struct message *m, const char *key,
			uint64_t fallback)
{
	const char *s = message_get(m, key);
	uint64_t n;

	return s && !num_parse_u64(s, strlen(s), &n) ? n : fallback;
}

int message_read_request(struct pkt_reader *r, int timeout_ms,
			 struct strbuf *verb, struct message *m, struct err *err)
{
	strbuf_reset(verb);
	for (;;) {
		int type = pkt_read(r, timeout_ms, err), ret;

		if (type < 0 || type == PKT_EOF || type == PKT_TIMEOUT)
			return type;
		if (type == PKT_FLUSH && verb->len)
			return PKT_DATA;
		if (type != PKT_DATA || !r->len)
			return err_set(err, ERR_FAILED,
				       "a request does not begin with a verb");
		if (r->data[0] == BAND_ALIVE)
			continue;
		if (!verb->len) {
			strbuf_add(verb, r->data, r->len);
			continue;
		}
		ret = message_take(m, r->data, r->len, err);
		if (ret < 0)
			return ret;
	}
}

void request_begin(struct strbuf *out, const char *verb)
{
	pkt_add(out, verb, strlen(verb));
}

static void add_field(struct strbuf *out, int band, const char *key,
		      const char *fmt, va_list ap) PRINTF_LIKE(4, 0);
static void add_field(struct strbuf *out, int band, const char *key,
		      const char *fmt, va_list ap)
{
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;

	strbuf_addf(&line, "%s=", key);
	strbuf_vaddf(&line, fmt, ap);
	if (line.len > PKT_DATA_MAX - 1)
		strbuf_setlen(&line, PKT_DATA_MAX - 1);
	if (band)
		pkt_add_band(out, band, line.buf, line.len);
	else
		pkt_add(out, line.buf, line.len);
}

void request_add(struct strbuf *out, const char *key, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_field(out, 0, key, fmt, ap);
	va_end(ap);
}

void request_end(struct strbuf *out)
{
	pkt_add_flush(out);
}

void reply_add(struct strbuf *out, const char *key, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_field(out, BAND_FIELD, key, fmt, ap);
	va_end(ap);
}

void reply_add_error(struct strbuf *out, const struct err *err)
{
	AUTO_STRBUF struct strbuf body = STRBUF_INIT;

	strbuf_addf(&body, "%d\n", -err->code);
	strbuf_add(&body, err->msg.buf,
		   err->msg.len < ERROR_TEXT_MAX ? err->msg.len : ERROR_TEXT_MAX);
	strbuf_addch(&body, '\0');
	strbuf_add(&body, err->hint.buf,
		   err->hint.len < ERROR_TEXT_MAX ? err->hint.len
						  : ERROR_TEXT_MAX);
	pkt_add_band(out, BAND_ERROR, body.buf, body.len);
}

/* What reply_add_error() would not have sent is not shown. */
static int shorter(ptrdiff_t len)
{
	return len < ERROR_TEXT_MAX ? (int)len : ERROR_TEXT_MAX;
}

int reply_take_error(const char *data, size_t len, struct err *err)
{
	const char *nl = memchr(data, '\n', len), *nul;
	uint32_t code;

	if (!nl || num_parse_u32(data, (size_t)(nl - data), &code) < 0 ||
	    !code || code > -ERR_UNSUITABLE || (int)code == -ERR_USAGE ||
	    (int)code == -ERR_UNSUITABLE)
		return err_set(err, ERR_UNKNOWN, "the agent failed");
	len -= (size_t)(nl + 1 - data);
	nul = memchr(nl + 1, '\0', len);
	if (!nul)
		return err_set(err, ERR_UNKNOWN, "the agent failed");
	err_set(err, -(int)code, "%.*s", shorter(nul - nl - 1), nl + 1);
	len -= (size_t)(nul - nl);
	if (len)
		err_hint(err, "%.*s", shorter((ptrdiff_t)len), nul + 1);
	return err->code;
}
