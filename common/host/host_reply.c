#include "common/base/base.h"
#include "common/host/host_state.h"

#include "common/base/mem.h"
#include "common/sys/clock.h"
#include "common/sys/fault.h"

/* Heartbeats alone: after so long, and each time it has doubled, it is said. */
#define QUIET_MS fault_wait("GIT_RELEASE_QUIET_MS", 30000)
/* What one reply may tell in all: 64 hooks that print what they may. */
#define TOLD_MAX (64u << 20)

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
	if (!t->bytes)
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
	const int patience = HOST_SILENCE_MAX_MS;
	int64_t heard = clock_ms();

	t->quiet_since = heard;
	t->quiet_ms = QUIET_MS;
	for (;;) {
		int type = pkt_read(&h->in, HOST_POLL_MS, err);

		if (!h->cancelled && !h->cut && host_wants_stop(h))
			(void)!host_cancel(h);
		if (host_wants_leave(h))
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

int host_reply_bytes(struct host *h, const struct host_sink *sink, struct err *err)
{
	struct taken t = { .bytes = sink };

	return take_reply(h, &t, err);
}
