#include "common/base/base.h"
#include "common/agent/byte_reply.h"

/* Packets are gathered up to this before they are written. */
#define BATCH (256u * 1024)

void byte_reply_release(struct byte_reply *r)
{
	strbuf_release(&r->packets);
}

static int flush(struct byte_reply *r, struct err *err)
{
	agent_send(r->a, &r->packets);
	strbuf_reset(&r->packets);
	if (r->a->gone)
		return err_set(err, ERR_INTERRUPTED, "the client is gone");
	return 0;
}

int byte_reply_put(struct byte_reply *r, const char *data, size_t len,
		   struct err *err)
{
	while (len) {
		size_t n = len < PKT_DATA_MAX - 1 ? len : PKT_DATA_MAX - 1;

		pkt_add_band(&r->packets, BAND_FIELD, data, n);
		data += n;
		len -= n;
		if (r->packets.len >= BATCH && flush(r, err) < 0)
			return err->code;
	}
	return 0;
}

int byte_reply_end(struct byte_reply *r, struct err *err)
{
	pkt_add_flush(&r->packets);
	return flush(r, err);
}
