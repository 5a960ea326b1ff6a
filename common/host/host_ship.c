#include "common/base/base.h"
#include "common/host/host_ship.h"

#include "common/base/mem.h"
#include "common/base/num.h"
#include "common/sys/clock.h"
#include "common/text/ledger_line.h"
#include "common/text/relpath.h"
#include "common/wire/manifest_frame.h"

/*
 * Packets are gathered up to this before they are written: what waits for
 * more when all is compressed has the whole way still before it.
 */
#define BATCH (64u * 1024)

/*
 * Links that take less than so many bytes in a millisecond are worth a better
 * compression: 4 MB/s, 100 MB/s. Asked once so much time went into sending
 * that buffers on the way are full.
 */
#define SLOW_BYTES_PER_MS   4000
#define SLOW_AFTER_MS	    250
#define MEDIUM_BYTES_PER_MS 100000
#define MEDIUM_AFTER_MS	    100

struct outgoing {
	struct host *h;
	struct strbuf packets;
	uint64_t bytes; /* sent so far, and how long that took */
	int64_t took_ms;
};

static int flush_out(struct outgoing *o, struct err *err)
{
	int64_t begun = clock_ms();
	int ret = host_send(o->h, o->packets.buf, o->packets.len, err);

	o->took_ms += clock_ms() - begun;
	o->bytes += o->packets.len;
	strbuf_reset(&o->packets);
	return ret;
}

static int put_data(void *ctx, const void *buf, size_t len, struct err *err)
{
	struct outgoing *o = ctx;
	const char *p = buf;

	while (len) {
		size_t n = len < PKT_DATA_MAX - 1 ? len : PKT_DATA_MAX - 1;

		pkt_add_band(&o->packets, BAND_FIELD, p, n);
		p += n;
		len -= n;
	}
	return o->packets.len < BATCH ? 0 : flush_out(o, err);
}

static int put_end(void *ctx, struct err *err UNUSED)
{
	struct outgoing *o = ctx;

	pkt_add_delim(&o->packets);
	return 0;
}

static enum link_speed link_speed(void *ctx)
{
	const struct outgoing *o = ctx;
	uint64_t rate = o->took_ms ? o->bytes / (uint64_t)o->took_ms : 0;

	if (o->took_ms >= SLOW_AFTER_MS && rate < SLOW_BYTES_PER_MS)
		return LINK_SLOW;
	if (o->took_ms >= MEDIUM_AFTER_MS && rate < MEDIUM_BYTES_PER_MS)
		return LINK_MEDIUM;
	return LINK_FAST;
}

/*
 * Both sides must leave out the same: the request names the paths. What the
 * client's repository lacks is named one by one.
 */
static unsigned char *find_omitted(const struct host_shipment *s,
				   struct strbuf *request)
{
	unsigned char *bits = xcalloc(s->old->nr / 8 + 1, 1);
	struct manifest_walk w = { .old = s->old, .new = s->new };

	for (size_t k = 0; k < s->omit->nr; k++) {
		request_add(request, "omit", "%s", s->omit->v[k]);
		for (size_t i = 0; i < s->old->nr; i++)
			if (relpath_within(s->old->entries[i].path, s->omit->v[k]))
				bits[i / 8] |= (unsigned char)(1 << i % 8);
	}
	while (manifest_walk_next(&w)) {
		size_t i = w.old_index;

		if ((w.kind != MANIFEST_MODIFIED && w.kind != MANIFEST_DELETED) ||
		    bits[i / 8] & 1 << i % 8 ||
		    s->has(s->has_ctx, &s->old->entries[i].oid))
			continue;
		request_add(request, "omit", "%s", s->old->entries[i].path);
		bits[i / 8] |= (unsigned char)(1 << i % 8);
	}
	return bits;
}

static int send_frames(struct outgoing *o, const struct host_shipment *s,
		       const struct delta_input *in, struct err *err)
{
	AUTO_DELTA_PLAN struct delta_plan plan = DELTA_PLAN_INIT;
	const struct delta_sink sink = {
		.data = put_data,
		.end_frame = put_end,
		.speed = link_speed,
		.ctx = o,
	};
	const struct delta_job job = {
		.plan = &plan,
		.old = in->old,
		.new = in->new,
		.source = s->source,
		.sink = &sink,
	};

	if (delta_plan_make(&plan, in, err) < 0 || delta_send(&job, err) < 0)
		return err->code;
	pkt_add_flush(&o->packets);
	return flush_out(o, err);
}

static int send_first(struct outgoing *o, const struct host_shipment *s,
		      struct err *err)
{
	AUTO_STRBUF struct strbuf frame = STRBUF_INIT;
	AUTO_FREE unsigned char *omitted = NULL;
	struct delta_input in = { .old = s->old, .new = s->new };

	strbuf_add(&o->packets, s->request->buf, s->request->len);
	if (s->old)
		in.omitted = omitted = find_omitted(s, &o->packets);
	request_end(&o->packets);
	if (manifest_frame_encode(s->old, s->new, &frame, err) < 0 ||
	    put_data(o, frame.buf, frame.len, err) < 0 || put_end(o, err) < 0)
		return err->code;
	/* The agent can begin to copy what stays while we read and compress. */
	if (flush_out(o, err) < 0)
		return err->code;
	return send_frames(o, s, &in, err);
}

/* What the server asks for: ascending indices of the new manifest. */
static int take_wanted(const struct host_shipment *s, const struct message *m,
		       size_t **wanted, size_t *nr, struct err *err)
{
	const char *text;
	size_t at = 0, alloc = 0;

	while ((text = message_next(m, "want", &at))) {
		uint64_t n;

		if (num_parse_u64(text, strlen(text), &n) < 0 ||
		    n >= s->new->nr || (*nr && n <= (*wanted)[*nr - 1]))
			return err_set(err, ERR_UNDONE,
				       "the agent asks for what there is not");
		ALLOC_GROW(*wanted, *nr + 1, alloc);
		(*wanted)[(*nr)++] = (size_t)n;
	}
	return 0;
}

static int send_again(struct outgoing *o, const struct host_shipment *s,
		      const struct message *m, struct err *err)
{
	AUTO_FREE size_t *wanted = NULL;
	struct delta_input in = { .new = s->new };

	if (take_wanted(s, m, &wanted, &in.nr_wanted, err) < 0)
		return err->code;
	in.wanted = wanted;
	request_begin(&o->packets, "resend");
	request_end(&o->packets);
	return send_frames(o, s, &in, err);
}

/*
 * A broken pipe while sending: what the agent said last explains it. When we
 * failed ourselves it knows nothing of that and has nothing to say.
 */
static int why(struct host *h, struct message *last, struct err *err)
{
	AUTO_ERR struct err said = ERR_INIT;

	if (!host_is_cut(h))
		return err->code;
	/* An agent that is cut off undoes what it began. */
	if (err->code == ERR_FAILED)
		err->code = ERR_UNDONE;
	if (host_reply(h, last, &said) < 0 && said.code != ERR_UNKNOWN) {
		err_set(err, said.code, "%s", said.msg.buf);
		if (said.hint.len)
			err_hint(err, "%s", said.hint.buf);
	}
	return err->code;
}

int host_ship(struct host *h, const struct host_shipment *s, char **id,
	      struct err *err)
{
	struct outgoing o = { .h = h, .packets = STRBUF_INIT };
	AUTO_MESSAGE struct message first = MESSAGE_INIT;
	struct message *last = s->said;
	const char *name;
	int ret = send_first(&o, s, err);

	if (!ret)
		ret = host_reply(h, &first, err);
	else
		ret = why(h, &first, err);
	if (!ret && message_get(&first, "want")) {
		ret = send_again(&o, s, &first, err);
		ret = ret < 0 ? why(h, last, err) : host_reply(h, last, err);
	} else {
		*last = first;
		first = (struct message)MESSAGE_INIT;
	}
	strbuf_release(&o.packets);
	if (ret < 0)
		return ret;
	name = message_get(last, "id");
	if (!name || !release_id_ok(name))
		return err_set(err, ERR_UNKNOWN, "the agent gave no release");
	*id = xstrdup(name);
	return 0;
}
