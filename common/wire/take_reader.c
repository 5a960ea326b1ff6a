#include "common/base/base.h"
#include "common/wire/take_stream.h"

#include "common/sys/hash.h"
#include "common/sys/zstd_stream.h"

#include <endian.h>

static int out_of_order(struct err *err)
{
	return err_set(err, ERR_FAILED,
		       "the contents that came are not in order");
}

void take_reader_release(struct take_reader *r)
{
	zstd_decoder_free(r->zstd);
	r->zstd = NULL;
	strbuf_release(&r->head);
	strbuf_release(&r->prefix);
	strbuf_release(&r->file);
}

static uint32_t number_at(const struct strbuf *sb, size_t i)
{
	uint32_t n;

	memcpy(&n, sb->buf + i * sizeof(n), sizeof(n));
	return le32toh(n);
}

/* Moves up to want bytes from *data to head; true once it has so many. */
static bool gather(struct take_reader *r, size_t want, const char **data,
		   size_t *len)
{
	size_t n = want > r->head.len ? want - r->head.len : 0;

	n = n < *len ? n : *len;
	strbuf_add(&r->head, *data, n);
	*data += n;
	*len -= n;
	return r->head.len >= want;
}

/* The old contents of want i go into the prefix. */
static int add_old(struct take_reader *r, uint32_t i, struct err *err)
{
	if (i < r->next || i >= r->end || !r->wants[i].has_old)
		return out_of_order(err);
	return r->old(r->ctx, &r->wants[i].old, &r->prefix, err);
}

static int begin_content(struct take_reader *r)
{
	strbuf_reset(&r->file);
	return r->next < r->end && r->wants[r->next].size <= TAKE_FILE_MAX
		       ? strbuf_grow(&r->file, (size_t)r->wants[r->next].size)
		       : -1;
}

static int begin_frame(struct take_reader *r, struct err *err)
{
	uint32_t olds = number_at(&r->head, 1);
	uint64_t size = 0;

	strbuf_reset(&r->prefix);
	strbuf_limit(&r->prefix, TAKE_PREFIX_MAX);
	for (uint32_t k = 0; k < olds; k++) {
		uint32_t i = number_at(&r->head, 2 + k);

		if (k && i <= number_at(&r->head, 1 + k))
			return out_of_order(err);
		if (add_old(r, i, err) < 0)
			return err->code;
	}
	strbuf_reset(&r->head);
	for (size_t i = r->next; i < r->end; i++)
		size += r->wants[i].size;
	if (!r->zstd)
		r->zstd = zstd_decoder_new();
	if (zstd_decoder_begin(r->zstd, r->prefix.buf, r->prefix.len,
			       zstd_frame_bound(size), err) < 0)
		return err->code;
	r->in_frame = true;
	return begin_content(r) < 0 ? out_of_order(err) : 0;
}

static int take_head(struct take_reader *r, const char **data, size_t *len,
		     struct err *err)
{
	uint32_t wants, olds;

	if (!gather(r, 8, data, len))
		return 0;
	wants = number_at(&r->head, 0);
	olds = number_at(&r->head, 1);
	if (!wants || wants > r->nr - r->next || olds > wants)
		return out_of_order(err);
	if (!gather(r, 8 + (size_t)olds * 4, data, len))
		return 0;
	r->end = r->next + wants;
	return begin_frame(r, err);
}

/* The content is there: is it what was asked for? */
static int end_content(struct take_reader *r, struct err *err)
{
	const struct take_want *w = &r->wants[r->next];
	struct blob_hash hash;
	struct oid oid;

	r->file.buf[r->file.len] = '\0';
	blob_hash_init(&hash, w->size);
	blob_hash_update(&hash, r->file.buf, r->file.len);
	blob_hash_final(&hash, &oid);
	if (!oid_eq(&oid, &w->oid))
		return err_set(err, ERR_FAILED,
			       "other contents came than the scan had named");
	if (r->content(r->ctx, r->next, &r->file, err) < 0)
		return err->code;
	r->next++;
	if (r->next < r->end && begin_content(r) < 0)
		return out_of_order(err);
	return 0;
}

/* Decodes straight into the content, or, behind the last, into nothing. */
static int decode(struct take_reader *r, const char *data, size_t len,
		  struct err *err)
{
	bool more = true;

	while (more) {
		struct strbuf *f = &r->file;
		size_t want = r->next < r->end
				      ? (size_t)r->wants[r->next].size - f->len
				      : 0;
		char beyond;
		ssize_t n;

		if (r->next < r->end && !want) {
			if (end_content(r, err) < 0)
				return err->code;
			continue;
		}
		n = zstd_decoder_pull(r->zstd, &data, &len,
				      want ? f->buf + f->len : &beyond,
				      want ? want : 1, err);
		if (n < 0)
			return err_prefix(err, "contents");
		if (n && !want)
			return out_of_order(err);
		f->len += (size_t)n;
		more = n && (size_t)n == want;
	}
	return 0;
}

static int end_frame(struct take_reader *r, struct err *err)
{
	/* What is empty has nothing that could have ended it. */
	if (decode(r, "", 0, err) < 0)
		return err->code;
	if (r->next != r->end || !zstd_decoder_done(r->zstd))
		return out_of_order(err);
	r->in_frame = false;
	return 0;
}

static int take_chunk_head(struct take_reader *r, const char **data,
			   size_t *len, struct err *err)
{
	if (!gather(r, 4, data, len))
		return 0;
	r->chunk = number_at(&r->head, 0);
	strbuf_reset(&r->head);
	if (r->chunk > TAKE_CHUNK_MAX)
		return out_of_order(err);
	return r->chunk ? 0 : end_frame(r, err);
}

static int take_chunk(struct take_reader *r, const char **data, size_t *len,
		      struct err *err)
{
	size_t n = r->chunk < *len ? r->chunk : *len;
	const char *piece = *data;

	*data += n;
	*len -= n;
	r->chunk -= n;
	return decode(r, piece, n, err);
}

int take_reader_push(struct take_reader *r, const char *data, size_t len,
		     struct err *err)
{
	int ret = 0;

	while (!ret && len) {
		if (!r->in_frame && r->next == r->nr)
			return out_of_order(err);
		if (!r->in_frame)
			ret = take_head(r, &data, &len, err);
		else if (!r->chunk)
			ret = take_chunk_head(r, &data, &len, err);
		else
			ret = take_chunk(r, &data, &len, err);
	}
	return ret;
}

int take_reader_finish(const struct take_reader *r, struct err *err)
{
	if (r->in_frame || r->head.len || r->next != r->nr)
		return err_set(err, ERR_FAILED,
			       "the contents that came are cut short");
	return 0;
}
