#include "common/base/base.h"
#include "common/host/host_take.h"

#include "common/base/mem.h"

/* Of one request: less than MESSAGE_MAX, whatever the paths are. */
#define REQUEST_BYTES (4u << 20)

struct taking {
	const struct host_take *take;
	struct take_want *wants;
	size_t first; /* of this request */
	struct take_reader reader;
	struct err why; /* what a callback said: it is not the server's fault */
};

static int keep(struct taking *t, struct err *err)
{
	err_set(&t->why, err->code, "%s", err->msg.buf);
	if (err->hint.len)
		err_hint(&t->why, "%s", err->hint.buf);
	return err->code;
}

static int get_old(void *ctx, const struct oid *oid, struct strbuf *out,
		   struct err *err)
{
	struct taking *t = ctx;

	return t->take->old(t->take->ctx, oid, out, err) < 0 ? keep(t, err) : 0;
}

static int give(void *ctx, size_t i, const struct strbuf *content, struct err *err)
{
	struct taking *t = ctx;

	return t->take->file(t->take->ctx, t->first + i, content, err) < 0
		       ? keep(t, err)
		       : 0;
}

static int take_bytes(void *ctx, const char *data, size_t len, struct err *err)
{
	struct taking *t = ctx;

	return take_reader_push(&t->reader, data, len, err);
}

static int make_wants(struct taking *t, struct err *err)
{
	t->wants = xcalloc(t->take->nr, sizeof(*t->wants));
	for (size_t i = 0; i < t->take->nr; i++) {
		const struct host_take_file *f = &t->take->files[i];

		if (f->size > TAKE_FILE_MAX)
			return err_set(err, ERR_FAILED,
				       "'%s' is too large to be taken", f->path);
		t->wants[i] = (struct take_want){
			.path = f->path,
			.size = f->size,
			.oid = f->oid,
			.old = f->old,
			.has_old = f->has_old,
			.is_link = S_ISLNK(f->mode),
		};
	}
	return 0;
}

/* As many as fit into one request, from first on; how many they are. */
static size_t make_request(const struct taking *t, struct strbuf *out)
{
	AUTO_STRBUF struct strbuf want = STRBUF_INIT;
	size_t i = t->first;

	request_begin(out, "take");
	request_add(out, "expect", "%s", t->take->from->release);
	while (i < t->take->nr && i - t->first < TAKE_WANTS_MAX &&
	       out->len < REQUEST_BYTES) {
		strbuf_reset(&want);
		take_want_format(&t->wants[i++], &want);
		request_add(out, "want", "%s", want.buf);
	}
	return i - t->first;
}

static int take_some(struct host *h, struct taking *t, struct err *err)
{
	AUTO_STRBUF struct strbuf request = STRBUF_INIT;
	const struct host_sink sink = { .take = take_bytes, .ctx = t };
	size_t nr = make_request(t, &request);
	int ret;

	t->reader = (struct take_reader){
		.wants = t->wants + t->first,
		.nr = nr,
		.old = get_old,
		.content = give,
		.ctx = t,
		TAKE_READER_INIT,
	};
	ret = host_stream(h, &request, &sink, err);
	if (!ret)
		ret = take_reader_finish(&t->reader, err);
	take_reader_release(&t->reader);
	t->first += nr;
	return ret;
}

/* What only looks leaves nothing unknown. */
static int explain(const struct taking *t, struct err *err)
{
	if (t->why.code) {
		err_set(err, t->why.code, "%s", t->why.msg.buf);
		if (t->why.hint.len)
			err_hint(err, "%s", t->why.hint.buf);
	} else if (err->code == ERR_UNKNOWN || err->code == ERR_UNDONE) {
		err->code = ERR_FAILED;
	}
	return err->code;
}

int host_take(struct host *h, const struct host_take *take, struct err *err)
{
	struct taking t = { .take = take, .why = ERR_INIT };
	int ret = make_wants(&t, err);

	while (!ret && t.first < take->nr)
		ret = take_some(h, &t, err);
	if (ret < 0)
		ret = explain(&t, err);
	err_release(&t.why);
	free(t.wants);
	return ret;
}
