#include "common/base/base.h"
#include "common/base/num.h"
#include "common/text/quote.h"
#include "common/transport/bootstrap.h"
#include "common/transport/deadline.h"

#include <poll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>

/* A link this slow is taken for dead when nothing moves at all. */
#define STALL_MS 60000
/* What is sent may wait in buffers: this much more time per KiB of it. */
#define MS_PER_KIB 125

int bootstrap_nonce(char *out, struct err *err)
{
	unsigned char bytes[BOOTSTRAP_NONCE_LEN / 2];
	size_t i;

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return err_sys(err, "cannot get random bytes");
	for (i = 0; i < sizeof(bytes); i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
	return 0;
}

struct scan {
	const struct bootstrap *b;
	struct strbuf line;  /* the one being read, without its newline */
	struct strbuf noise; /* the first line that was none of ours */
	size_t seen;
	int64_t end;
	bool sent; /* the agent was asked for, and sent */
};

/* The far end is silent, gone or noisy: says so with what it last said. */
static int fail_with_words(const struct scan *s, const char *what, struct err *err)
{
	AUTO_STRBUF struct strbuf said = STRBUF_INIT;
	struct timespec moment = { .tv_nsec = 50 * 1000 * 1000 };
	int tries = 8;

	/* stderr comes another way and may be a little behind. */
	do {
		nanosleep(&moment, NULL);
		tail_show(s->b->tail, &said);
	} while (!said.len && --tries);
	if (!said.len) {
		const struct strbuf *from = s->noise.len ? &s->noise : &s->line;

		quote_text(&said, from->buf, from->len < 200 ? from->len : 200);
	}
	if (!said.len)
		return err_set(err, ERR_FAILED, "%s", what);
	return err_set(err, ERR_FAILED, "%s; it said: %s", what, said.buf);
}

/*
 * Takes bytes up to the next newline, and not beyond: behind the greeting the
 * agent's own packets start. Returns 1 when a line is whole, 0 for more.
 */
static int take_some(struct scan *s, struct err *err)
{
	char chunk[4096];
	ssize_t n = recv(s->b->fd, chunk, sizeof(chunk), MSG_PEEK | MSG_DONTWAIT);
	const char *nl;
	size_t take;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0)
		return fail_with_words(
			s, "the connection ended before the agent started", err);
	nl = memchr(chunk, '\n', (size_t)n);
	take = nl ? (size_t)(nl - chunk) + 1 : (size_t)n;
	n = recv(s->b->fd, chunk, take, 0);
	if (n != (ssize_t)take)
		return err_sys(err, "cannot read from the server");
	s->seen += take;
	if (s->seen > BOOTSTRAP_NOISE_MAX)
		return fail_with_words(
			s, "the login prints too much before the agent starts",
			err);
	strbuf_add(&s->line, chunk, nl ? take - 1 : take);
	return nl ? 1 : 0;
}

static int next_line(struct scan *s, struct err *err)
{
	struct pollfd pfd = { .fd = s->b->fd, .events = POLLIN };
	int ret;

	strbuf_reset(&s->line);
	for (;;) {
		ret = poll(&pfd, 1, deadline_left(s->end));
		if (!ret)
			return fail_with_words(
				s, "the agent did not start in time", err);
		if (ret < 0 && errno != EINTR)
			return err_sys(err, "cannot wait for the server");
		ret = ret < 0 ? 0 : take_some(s, err);
		if (ret)
			return ret < 0 ? ret : 0;
	}
}

/* What follows "git-release-<verb> <nonce> ", or NULL. */
static const char *marked(const struct scan *s, const char *verb)
{
	AUTO_STRBUF struct strbuf want = STRBUF_INIT;

	strbuf_addf(&want, "git-release-%s %s ", verb, s->b->nonce);
	if (s->line.len < want.len || memcmp(s->line.buf, want.buf, want.len) != 0)
		return NULL;
	return s->line.buf + want.len;
}

static int check_protocol(const char *number, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
	size_t len = strcspn(number, " \r");
	uint32_t protocol;

	if (!num_parse_u32(number, len, &protocol) &&
	    protocol == BOOTSTRAP_PROTOCOL)
		return 0;
	quote_text(&shown, number, len);
	return err_set(err, ERR_FAILED,
		       "the agent there speaks protocol '%s', this program "
		       "speaks %d",
		       shown.buf, BOOTSTRAP_PROTOCOL);
}

static int send_all(const struct bootstrap *b, const struct strbuf *data,
		    struct err *err)
{
	struct pollfd pfd = { .fd = b->fd, .events = POLLOUT };
	size_t done = 0;

	while (done < data->len) {
		ssize_t n;
		int ready = poll(&pfd, 1, STALL_MS);

		if (!ready)
			return err_set(err, ERR_FAILED,
				       "sending the agent makes no progress");
		n = ready < 0 ? -1
			      : send(b->fd, data->buf + done, data->len - done,
				     MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return err_sys(err, "cannot send the agent");
		done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* "<os> <machine> <gzip|plain>" from uname and which. */
static int send_agent(struct scan *s, const char *needs, struct err *err)
{
	AUTO_STRBUF struct strbuf os = STRBUF_INIT, packed = STRBUF_INIT;
	AUTO_STRBUF struct strbuf data = STRBUF_INIT;
	const struct agent_image *image = s->b->image;
	const struct strbuf *body;
	const char *space = strrchr(needs, ' ');
	bool gzip;

	if (!image || s->sent || !space)
		return err_set(err, ERR_FAILED,
			       "the server asks for an agent out of turn");
	quote_text(&os, needs, (size_t)(space - needs));
	strbuf_addf(&data, "Linux %s", image->machine);
	if (strcmp(os.buf, data.buf) != 0)
		return err_set(err, ERR_FAILED,
			       "the server runs %s; git release needs %s there",
			       os.buf, data.buf);
	strbuf_reset(&data);
	gzip = !strncmp(space + 1, "gzip", 4) &&
	       agent_image_packed(image, &packed);
	body = gzip ? &packed : &image->bytes;
	strbuf_addf(&data, "%zu %s\n", body->len, gzip ? "gzip" : "plain");
	strbuf_add(&data, body->buf, body->len);
	s->sent = true;
	if (send_all(s->b, &data, err) < 0)
		return err->code;
	s->end = deadline_in(s->b->timeout_ms +
			     (int)(data.len / 1024) * MS_PER_KIB);
	return 0;
}

static int run(struct scan *s, struct err *err)
{
	const char *rest;

	while (!next_line(s, err)) {
		if ((rest = marked(s, "agent")))
			return check_protocol(rest, err);
		if ((rest = marked(s, "fail"))) {
			AUTO_STRBUF struct strbuf why = STRBUF_INIT;

			quote_text(&why, rest, strlen(rest));
			return err_set(err, ERR_FAILED,
				       "the agent cannot be installed: %s",
				       why.buf);
		}
		rest = marked(s, "need");
		if (rest && send_agent(s, rest, err) < 0)
			return err->code;
		if (!rest && !s->noise.len)
			strbuf_add(&s->noise, s->line.buf, s->line.len);
	}
	return err->code;
}

int bootstrap_run(const struct bootstrap *b, struct err *err)
{
	struct scan s = { .b = b,
			  .line = STRBUF_INIT,
			  .noise = STRBUF_INIT,
			  .end = deadline_in(b->timeout_ms) };
	int ret = run(&s, err);

	strbuf_release(&s.line);
	strbuf_release(&s.noise);
	return ret;
}
