#include "common/base/base.h"
#include "common/agent/stream.h"

#include "common/sys/clock.h"

int stream_read(struct agent *a, const char **data, size_t *len, struct err *err)
{
	for (;;) {
		int type;

		/* Nobody reads what we answer: no need to hear the rest. */
		if (a->gone)
			return err_set(err, ERR_INTERRUPTED,
				       "the client is gone");
		type = pkt_read(&a->in, AGENT_PATIENCE_MS, err);
		if (type < 0)
			return type;
		if (type == PKT_EOF || type == PKT_TIMEOUT) {
			a->gone = true;
			return err_set(err, ERR_INTERRUPTED,
				       "the client is gone");
		}
		a->heard_at = clock_ms();
		if (type != PKT_DATA)
			return type;
		if (!a->in.len)
			return err_set(err, ERR_FAILED, "a packet is empty");
		*data = a->in.data + 1;
		*len = a->in.len - 1;
		switch (a->in.data[0]) {
		case BAND_FIELD: return PKT_DATA;
		case BAND_ALIVE: break;
		case BAND_CANCEL:
			a->cancelled = true;
			return err_set(err, ERR_INTERRUPTED, "stopped as asked");
		default:
			return err_set(err, ERR_FAILED,
				       "a packet of no known band "
				       "came");
		}
	}
}
