#ifndef DELTA_FIXTURE_H
#define DELTA_FIXTURE_H

/*
 * Two trees in memory, a sender and a receiver between them. Included by the
 * one test that needs it, so everything is static.
 */
#include "common/base/mem.h"
#include "common/wire/delta_receive.h"
#include "common/wire/delta_send.h"
#include "tests/unit/unit.h"

struct file {
	char *path;
	uint32_t mode;
	struct strbuf data;
	bool spoiled; /* old: edited on the server */
	bool done;    /* new: has arrived */
	struct strbuf got;
};

struct tree {
	struct file *f;
	size_t nr, alloc;
	struct manifest m;
};

struct world {
	struct tree old, new;
	struct delta_plan plan;
	struct strbuf stream;
	struct strbuf ends; /* size_t each: where the frames end */
	int streams;	    /* open ones, must be 0 in the end */
	size_t aborted;
};

static void file_id(const struct strbuf *data, struct oid *oid)
{
	struct blob_hash h;

	blob_hash_init(&h, data->len);
	blob_hash_update(&h, data->buf, data->len);
	blob_hash_final(&h, oid);
}

static struct strbuf *tree_add(struct tree *t, const char *path, uint32_t mode)
{
	struct file *f;

	ALLOC_GROW(t->f, t->nr + 1, t->alloc);
	f = &t->f[t->nr++];
	*f = (struct file){ .path = xstrdup(path),
			    .mode = mode,
			    .data = STRBUF_INIT,
			    .got = STRBUF_INIT };
	return &f->data;
}

static void tree_text(struct tree *t, const char *path, const char *text)
{
	strbuf_addstr(tree_add(t, path, MANIFEST_FILE), text);
}

static int file_cmp(const void *a, const void *b)
{
	return strcmp(((const struct file *)a)->path,
		      ((const struct file *)b)->path);
}

static void tree_seal(struct tree *t)
{
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	size_t i;

	qsort(t->f, t->nr, sizeof(*t->f), file_cmp);
	for (i = 0; i < t->nr; i++) {
		struct manifest_entry e = { .path = t->f[i].path,
					    .mode = t->f[i].mode,
					    .size = t->f[i].data.len };

		e.path_len = (uint32_t)strlen(e.path);
		file_id(&t->f[i].data, &e.oid);
		manifest_format_entry(&raw, &e);
	}
	manifest_release(&t->m);
	assert_works(&err, manifest_parse(&t->m, &raw, &err));
}

static void tree_release(struct tree *t)
{
	size_t i;

	for (i = 0; i < t->nr; i++) {
		free(t->f[i].path);
		strbuf_release(&t->f[i].data);
		strbuf_release(&t->f[i].got);
	}
	free(t->f);
	manifest_release(&t->m);
}

static void world_init(struct world *w)
{
	*w = (struct world){ .old = { .m = MANIFEST_INIT },
			     .new = { .m = MANIFEST_INIT },
			     .stream = STRBUF_INIT,
			     .ends = STRBUF_INIT };
}

static void world_release(struct world *w)
{
	tree_release(&w->old);
	tree_release(&w->new);
	delta_plan_release(&w->plan);
	strbuf_release(&w->stream);
	strbuf_release(&w->ends);
}

struct blob_stream {
	const struct strbuf *data;
	size_t pos;
};

static const struct strbuf *blob_in(const struct tree *t, const struct oid *oid)
{
	size_t i;

	for (i = 0; i < t->m.nr; i++) {
		if (oid_eq(&t->m.entries[i].oid, oid))
			return &t->f[i].data;
	}
	return NULL;
}

static int src_open(void *ctx, const struct oid *oid, uint64_t size UNUSED,
		    void **out, struct err *err)
{
	struct world *w = ctx;
	struct blob_stream *s;
	const struct strbuf *data = blob_in(&w->new, oid);

	if (!data)
		data = blob_in(&w->old, oid);
	if (!data)
		return err_set(err, ERR_NOTFOUND, "no such blob");
	s = xcalloc(1, sizeof(*s));
	s->data = data;
	w->streams++;
	assert_true(w->streams <= 2);
	*out = s;
	return 0;
}

/* Short reads on purpose. */
static ssize_t src_read(void *ctx UNUSED, void *stream, void *buf, size_t len,
			struct err *err UNUSED)
{
	struct blob_stream *s = stream;
	size_t left = s->data->len - s->pos;

	if (len > left)
		len = left;
	if (len > 70000)
		len = 70000;
	memcpy(buf, s->data->buf + s->pos, len);
	s->pos += len;
	return (ssize_t)len;
}

static void src_close(void *ctx, void *stream)
{
	((struct world *)ctx)->streams--;
	free(stream);
}

static int sink_data(void *ctx, const void *buf, size_t len,
		     struct err *err UNUSED)
{
	return strbuf_add(&((struct world *)ctx)->stream, buf, len);
}

static int sink_end(void *ctx, struct err *err UNUSED)
{
	struct world *w = ctx;

	return strbuf_add(&w->ends, &w->stream.len, sizeof(w->stream.len));
}

static int store_read(void *ctx, size_t entry, uint64_t off, void *buf,
		      size_t len, struct err *err)
{
	struct file *f = &((struct world *)ctx)->old.f[entry];

	assert_true(off + len <= f->data.len);
	memcpy(buf, f->data.buf + off, len);
	/* Every second spoiled file is gone, the others are edited. */
	if (f->spoiled && entry % 2)
		return err_set(err, ERR_NOTFOUND, "gone");
	if (f->spoiled)
		((char *)buf)[len / 2] ^= 1;
	return 0;
}

static int store_begin(void *ctx, size_t entry, struct err *err UNUSED)
{
	struct file *f = &((struct world *)ctx)->new.f[entry];

	assert_false(f->done);
	assert_int_equal(f->got.len, 0);
	return 0;
}

static int store_data(void *ctx, size_t entry, const void *buf, size_t len,
		      struct err *err UNUSED)
{
	return strbuf_add(&((struct world *)ctx)->new.f[entry].got, buf, len);
}

static int store_end(void *ctx, size_t entry, struct err *err UNUSED)
{
	((struct world *)ctx)->new.f[entry].done = true;
	return 0;
}

static void store_abort(void *ctx, size_t entry)
{
	struct world *w = ctx;

	assert_false(w->new.f[entry].done);
	strbuf_reset(&w->new.f[entry].got);
	w->aborted++;
}

static int store_copy(void *ctx, const struct delta_copy *copy, struct err *err)
{
	struct world *w = ctx;
	struct file *to = &w->new.f[copy->entry];
	struct file *from = copy->from_new ? &w->new.f[copy->from]
					   : &w->old.f[copy->from];

	if (from->spoiled)
		return err_set(err, ERR_NOTFOUND, "edited");
	assert_true(!copy->from_new || from->done);
	strbuf_add(&to->got, from->data.buf, from->data.len);
	to->done = true;
	return 0;
}

/* Plans and sends into w->stream. */
static int world_send(struct world *w, const struct delta_input *in,
		      enum link_speed link, struct err *err)
{
	struct delta_source source = { src_open, src_read, src_close, w };
	struct delta_sink sink = { .data = sink_data,
				   .end_frame = sink_end,
				   .ctx = w };
	struct delta_job job = { .plan = &w->plan,
				 .old = in->old,
				 .new = in->new,
				 .source = &source,
				 .sink = &sink,
				 .link = link };
	int ret;

	delta_plan_release(&w->plan);
	strbuf_reset(&w->stream);
	strbuf_reset(&w->ends);
	ret = delta_plan_make(&w->plan, in, err);
	if (!ret)
		ret = delta_send(&job, err);
	assert_int_equal(w->streams, 0);
	return ret;
}

/* Receives w->stream in parts of "step" bytes; *missing must be freed. */
static int world_receive(struct world *w, size_t step, size_t **missing,
			 size_t *nr, struct err *err)
{
	struct delta_store store = { store_read, store_begin, store_data,
				     store_end,	 store_abort, store_copy,
				     w };
	struct delta_receive *r =
		delta_receive_new(&w->plan, &w->old.m, &w->new.m, &store);
	const size_t *list;
	size_t i, at = 0, end;
	int ret = 0;

	for (i = 0; !ret && i < w->ends.len / sizeof(end); i++) {
		memcpy(&end, w->ends.buf + i * sizeof(end), sizeof(end));
		while (!ret && at < end) {
			size_t n = end - at < step ? end - at : step;

			ret = delta_receive_data(r, w->stream.buf + at, n, err);
			at += n;
		}
		if (!ret)
			ret = delta_receive_end_frame(r, err);
	}
	if (!ret)
		ret = delta_receive_finish(r, &list, nr, err);
	if (!ret) {
		*missing = xcalloc(*nr, sizeof(**missing));
		if (*nr)
			memcpy(*missing, list, *nr * sizeof(**missing));
	}
	delta_receive_free(r);
	return ret;
}

/* Everything that differs is there, with its bytes. */
static void world_check(struct world *w, const struct manifest *old)
{
	struct manifest_walk walk = { .old = old, .new = &w->new.m };

	while (manifest_walk_next(&walk)) {
		struct file *f;

		if (walk.kind == MANIFEST_SAME || walk.kind == MANIFEST_DELETED)
			continue;
		f = &w->new.f[walk.new_index];
		if (!f->done)
			fail_msg("'%s' did not arrive", f->path);
		assert_int_equal(f->got.len, f->data.len);
		assert_memory_equal(f->got.buf, f->data.buf, f->got.len);
	}
}

#endif
