#include "common/base/base.h"
#include "common/agent/take_request.h"

#include "common/agent/byte_reply.h"
#include "common/agent/live_tree.h"
#include "common/agent/old_contents.h"
#include "common/agent/tree.h"
#include "common/base/mem.h"
#include "common/sys/hash.h"
#include "common/sys/zstd_stream.h"
#include "common/text/quote.h"
#include "common/wire/take_stream.h"

/* Few bytes are worth more work for each of them. */
#define SMALL_FRAME (4u << 20)

struct take {
	struct agent *a;
	struct live_tree live;
	struct tree tree;
	struct old_contents old;
	struct take_want *wants;
	size_t nr;
	struct byte_reply reply;
	struct zstd_encoder *zstd;
	struct strbuf prefix, packed, wire;
	uint32_t *which; /* wants whose old contents are in prefix */
	char buf[65536];
};

static int changed(const struct take_want *w, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_text(&shown, w->path, strlen(w->path));
	err_set(err, ERR_REFUSED, "'%s' has changed since it was looked at",
		shown.buf);
	return err_hint(err, "nothing was changed; run the same command again");
}

static int put(struct take *t, struct err *err)
{
	take_frame_data(&t->wire, t->packed.buf, t->packed.len);
	strbuf_reset(&t->packed);
	if (byte_reply_put(&t->reply, t->wire.buf, t->wire.len, err) < 0)
		return err->code;
	strbuf_reset(&t->wire);
	return agent_listen(t->a, 0, err);
}

static int push(struct take *t, const char *data, size_t len,
		struct blob_hash *hash, struct err *err)
{
	blob_hash_update(hash, data, len);
	if (zstd_encoder_push(t->zstd, data, len, &t->packed, err) < 0)
		return err->code;
	return t->packed.len < TAKE_CHUNK_MAX ? 0 : put(t, err);
}

/* The next bytes of it: less than asked for only when it has changed. */
static ssize_t read_some(int fd, char *buf, size_t len, uint64_t at)
{
	ssize_t n;

	do
		n = pread(fd, buf, len, (off_t)at);
	while (n < 0 && errno == EINTR);
	return n;
}

static int put_file(struct take *t, const struct take_want *w, int at,
		    const char *name, struct blob_hash *hash, struct err *err)
{
	uint64_t done = 0;
	struct stat st;

	if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    (uint64_t)st.st_size != w->size)
		return changed(w, err);
	AUTO_FD int fd = tree_open_file(at, name, &st);

	if (fd < 0)
		return changed(w, err);
	while (done < w->size) {
		uint64_t left = w->size - done;
		size_t len = left < sizeof(t->buf) ? (size_t)left
						   : sizeof(t->buf);
		ssize_t n = read_some(fd, t->buf, len, done);

		if (n <= 0)
			return changed(w, err);
		if (push(t, t->buf, (size_t)n, hash, err) < 0)
			return err->code;
		done += (uint64_t)n;
	}
	return 0;
}

static int put_link(struct take *t, const struct take_want *w, int at,
		    const char *name, struct blob_hash *hash, struct err *err)
{
	ssize_t n = readlinkat(at, name, t->buf, sizeof(t->buf));

	if (n < 0 || (uint64_t)n != w->size)
		return changed(w, err);
	return push(t, t->buf, (size_t)n, hash, err);
}

static int put_content(struct take *t, const struct take_want *w, struct err *err)
{
	struct blob_hash hash;
	const char *name;
	struct oid oid;
	int at = tree_parent(&t->tree, w->path, &name), ret;

	if (at < 0)
		return changed(w, err);
	blob_hash_init(&hash, w->size);
	ret = w->is_link ? put_link(t, w, at, name, &hash, err)
			 : put_file(t, w, at, name, &hash, err);
	if (ret < 0)
		return ret;
	blob_hash_final(&hash, &oid);
	return oid_eq(&oid, &w->oid) ? 0 : changed(w, err);
}

/* How many of the wants from first on go into one frame. */
static size_t frame_end(const struct take *t, size_t first, uint64_t *size)
{
	size_t end = first;

	*size = 0;
	do
		*size += t->wants[end++].size;
	while (end < t->nr && *size + t->wants[end].size <= TAKE_FRAME_MAX);
	return end;
}

/* What git has of them and we have, too. How many there are. */
static uint32_t gather_old(struct take *t, size_t first, size_t end, uint64_t size)
{
	uint32_t nr = 0;

	strbuf_reset(&t->prefix);
	for (size_t i = first; i < end && size <= TAKE_FRAME_MAX; i++) {
		const struct take_want *w = &t->wants[i];
		size_t room = TAKE_PREFIX_MAX - t->prefix.len;

		if (w->has_old && !w->is_link &&
		    old_contents_add(&t->old, w->path, &w->old, room, &t->prefix))
			t->which[nr++] = (uint32_t)i;
	}
	return nr;
}

static int put_frame(struct take *t, size_t first, size_t end, uint64_t size,
		     struct err *err)
{
	const struct take_head head = {
		.wants = (uint32_t)(end - first),
		.olds = gather_old(t, first, end, size),
		.which = t->which,
	};
	const struct zstd_settings settings = {
		.level = size <= SMALL_FRAME ? 9 : 3,
		.long_matches = t->prefix.len > SMALL_FRAME,
		.prefix = t->prefix.buf,
		.prefix_len = t->prefix.len,
		.content_len = size,
	};

	take_frame_head(&t->wire, &head);
	if (zstd_encoder_begin(t->zstd, &settings, err) < 0)
		return err->code;
	for (size_t i = first; i < end; i++)
		if (put_content(t, &t->wants[i], err) < 0)
			return err->code;
	if (zstd_encoder_end(t->zstd, &t->packed, err) < 0 || put(t, err) < 0)
		return err->code;
	take_frame_end(&t->wire);
	return 0;
}

static int take_wants(struct take *t, const struct message *m, struct err *err)
{
	const char *text;
	size_t at = 0;

	t->wants = xcalloc(TAKE_WANTS_MAX, sizeof(*t->wants));
	t->which = xcalloc(TAKE_WANTS_MAX, sizeof(*t->which));
	while ((text = message_next(m, "want", &at))) {
		if (t->nr == TAKE_WANTS_MAX)
			return err_set(err, ERR_FAILED,
				       "too much is to be taken at once");
		if (take_want_parse(text, &t->wants[t->nr++], err) < 0)
			return err->code;
	}
	return 0;
}

static int take(struct take *t, const struct message *m, struct err *err)
{
	uint64_t size;

	if (take_wants(t, m, err) < 0 ||
	    live_tree_open(t->a, m, &t->live, err) < 0)
		return err->code;
	tree_init(&t->tree, t->live.fd);
	t->old = (struct old_contents){ .a = t->a, .live = t->live.id };
	t->zstd = zstd_encoder_new();
	for (size_t first = 0, end; first < t->nr; first = end) {
		end = frame_end(t, first, &size);
		if (put_frame(t, first, end, size, err) < 0)
			return err->code;
	}
	if (byte_reply_put(&t->reply, t->wire.buf, t->wire.len, err) < 0 ||
	    live_tree_confirm(t->a, &t->live, err) < 0)
		return err->code;
	return byte_reply_end(&t->reply, err);
}

int take_request(struct agent *a, struct message *m, struct err *err)
{
	struct take *t = xcalloc(1, sizeof(*t));
	int ret;

	*t = (struct take){
		.a = a,
		.live = LIVE_TREE_INIT,
		.reply = { .a = a, .packets = STRBUF_INIT },
		.prefix = STRBUF_INIT,
		.packed = STRBUF_INIT,
		.wire = STRBUF_INIT,
	};
	tree_init(&t->tree, -1);
	ret = take(t, m, err);
	tree_release(&t->tree);
	old_contents_release(&t->old);
	zstd_encoder_free(t->zstd);
	live_tree_release(&t->live);
	byte_reply_release(&t->reply);
	strbuf_release(&t->prefix);
	strbuf_release(&t->packed);
	strbuf_release(&t->wire);
	free(t->wants);
	free(t->which);
	free(t);
	return ret;
}
