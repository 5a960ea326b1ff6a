#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/text/quote.h"
#include "common/wire/delta_proof.h"
#include "common/wire/delta_receive.h"

#define DECODE_SIZE ((size_t)128 << 10)

enum frame_state {
	FRAME_NEXT, /* nothing of the current frame has arrived */
	FRAME_DECODE,
	FRAME_DRAIN /* its prefix is gone: thrown away */
};

struct delta_receive {
	const struct delta_plan *plan;
	const struct manifest *old, *new;
	const struct delta_store *store;
	struct zstd_decoder *zstd;
	struct delta_proof proof;
	char *buf;

	size_t copy; /* the next one, in plan->copies */
	size_t frame;
	enum frame_state state;
	uint64_t drained; /* compressed bytes of a FRAME_DRAIN */
	bool broken;	  /* an error was returned: nothing more is taken */

	size_t piece;  /* being received, in plan->pieces */
	size_t end;    /* of this frame's pieces; == piece: all received */
	uint64_t left; /* bytes of the piece still to come */
	bool open;     /* file_begin was called for its entry */
	struct blob_hash hash;

	unsigned char *missing; /* one bit per new entry */
	size_t *list;		/* the same as a list, made by finish */
};

struct delta_receive *delta_receive_new(const struct delta_plan *plan,
					const struct manifest *old,
					const struct manifest *new,
					const struct delta_store *store)
{
	struct delta_receive *r = xcalloc(1, sizeof(*r));

	r->plan = plan;
	r->old = old;
	r->new = new;
	r->store = store;
	r->zstd = zstd_decoder_new();
	r->proof = (struct delta_proof){
		.plan = plan, .old = old, .store = store, .entry = MANIFEST_NONE
	};
	r->buf = xcalloc(1, DECODE_SIZE);
	r->missing = xcalloc(new->nr / 8 + 1, 1);
	return r;
}

static size_t current_entry(const struct delta_receive *r)
{
	return r->plan->pieces[r->piece].entry;
}

static void abort_file(struct delta_receive *r, size_t entry)
{
	if (r->open)
		r->store->file_abort(r->store->ctx, entry);
	r->open = false;
}

void delta_receive_free(struct delta_receive *r)
{
	if (!r)
		return;
	/* Between frames, the piece is the next one of the open file. */
	if (r->open)
		abort_file(r, current_entry(r));
	zstd_decoder_free(r->zstd);
	delta_proof_release(&r->proof);
	free(r->buf);
	free(r->missing);
	free(r->list);
	free(r);
}

static void set_missing(struct delta_receive *r, size_t entry)
{
	r->missing[entry / 8] |= (unsigned char)(1u << (entry % 8));
}

static bool is_missing(const struct delta_receive *r, size_t entry)
{
	return r->missing[entry / 8] >> (entry % 8) & 1;
}

static int wrong_content(const struct delta_receive *r, size_t entry,
			 struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
	const struct manifest_entry *e = &r->new->entries[entry];

	quote_path(&shown, e->path, e->path_len, true);
	return err_set(err, ERR_FAILED,
		       "content of '%s' does not have its object id", shown.buf);
}

static int start_piece(struct delta_receive *r, struct err *err)
{
	const struct delta_piece *p = &r->plan->pieces[r->piece];
	int ret;

	r->left = p->len;
	if (p->off || is_missing(r, p->entry))
		return 0;
	ret = r->store->file_begin(r->store->ctx, p->entry, err);
	if (ret < 0)
		return ret;
	r->open = true;
	blob_hash_init(&r->hash, r->new->entries[p->entry].size);
	return 0;
}

static int end_piece(struct delta_receive *r, struct err *err)
{
	const struct delta_piece *p = &r->plan->pieces[r->piece];
	const struct manifest_entry *e = &r->new->entries[p->entry];
	struct oid oid;
	int ret;

	if (!r->open || p->off + p->len != e->size)
		return 0;
	blob_hash_final(&r->hash, &oid);
	if (!oid_eq(&oid, &e->oid))
		return wrong_content(r, p->entry, err);
	ret = r->store->file_end(r->store->ctx, p->entry, err);
	if (!ret)
		r->open = false;
	return ret;
}

/* Ends pieces that have all their bytes, empty files among them. */
static int settle(struct delta_receive *r, struct err *err)
{
	int ret = 0;

	while (!ret && r->piece < r->end && !r->left) {
		ret = end_piece(r, err);
		if (ret < 0)
			break;
		if (++r->piece < r->end)
			ret = start_piece(r, err);
	}
	return ret;
}

static int deliver(struct delta_receive *r, const char *buf, size_t len,
		   struct err *err)
{
	int ret = 0;

	while (!ret && len) {
		size_t n = len;

		if (r->piece == r->end)
			return err_set(err, ERR_FAILED,
				       "frame holds more than was planned");
		if (n > r->left)
			n = (size_t)r->left;
		if (r->open) {
			blob_hash_update(&r->hash, buf, n);
			ret = r->store->file_data(r->store->ctx,
						  current_entry(r), buf, n, err);
		}
		buf += n;
		len -= n;
		r->left -= n;
		if (!ret)
			ret = settle(r, err);
	}
	return ret;
}

static void give_up_frame(struct delta_receive *r, const struct delta_frame *f)
{
	size_t i;

	/* A file that began in an earlier frame can only be the first one. */
	if (r->open)
		abort_file(r, r->plan->pieces[f->piece].entry);
	for (i = 0; i < f->nr_pieces; i++)
		set_missing(r, r->plan->pieces[f->piece + i].entry);
	r->piece = r->end;
	r->drained = 0;
	r->state = FRAME_DRAIN;
}

static int begin_frame(struct delta_receive *r, struct err *err)
{
	const struct delta_frame *f;
	int ret;

	if (r->frame == r->plan->nr_frames)
		return err_set(err, ERR_FAILED, "more frames than were planned");
	f = &r->plan->frames[r->frame];
	r->piece = f->piece;
	r->end = f->piece + f->nr_pieces;
	ret = delta_proof_read(&r->proof, f, err);
	if (ret < 0)
		return err_prefix(err, "cannot read the old release");
	if (!ret) {
		give_up_frame(r, f);
		return 0;
	}
	r->state = FRAME_DECODE;
	ret = zstd_decoder_begin(r->zstd, r->proof.buf, (size_t)f->prefix_len,
				 zstd_frame_bound(f->len), err);
	if (!ret)
		ret = start_piece(r, err);
	if (!ret)
		ret = settle(r, err);
	return ret;
}

static int take_data(struct delta_receive *r, const char *data, size_t len,
		     struct err *err)
{
	uint64_t bound;
	ssize_t n;
	int ret = 0;

	if (r->state == FRAME_NEXT)
		ret = begin_frame(r, err);
	if (ret < 0)
		return ret;
	if (r->state == FRAME_DRAIN) {
		bound = zstd_frame_bound(r->plan->frames[r->frame].len);
		if (len > bound - r->drained)
			return err_set(err, ERR_FAILED,
				       "compressed frame is longer than it "
				       "can be");
		r->drained += len;
		return 0;
	}
	do {
		n = zstd_decoder_pull(r->zstd, &data, &len, r->buf, DECODE_SIZE,
				      err);
		if (n < 0)
			return (int)n;
		ret = deliver(r, r->buf, (size_t)n, err);
	} while (!ret && (size_t)n == DECODE_SIZE);
	return ret;
}

static int make_copy(struct delta_receive *r, const struct delta_copy *copy,
		     struct err *err)
{
	AUTO_ERR struct err why = ERR_INIT;
	int ret = ERR_NOTFOUND;

	if (!copy->from_new || !is_missing(r, copy->from))
		ret = r->store->copy(r->store->ctx, copy, &why);
	if (ret >= 0)
		return 0;
	if (ret != ERR_NOTFOUND)
		return err_set(err, ret, "%s", why.msg.buf);
	set_missing(r, copy->entry);
	return 0;
}

/* What stands before that entry has arrived, or is missing. */
static int make_copies(struct delta_receive *r, size_t before, struct err *err)
{
	int ret = 0;

	while (!ret && r->copy < r->plan->nr_copies &&
	       r->plan->copies[r->copy].entry < before)
		ret = make_copy(r, &r->plan->copies[r->copy++], err);
	return ret;
}

/* Copies are made on the way, while the next frame travels. */
static int take_end(struct delta_receive *r, struct err *err)
{
	if (r->state == FRAME_NEXT ||
	    (r->state == FRAME_DECODE &&
	     (!zstd_decoder_done(r->zstd) || r->piece < r->end)))
		return err_set(err, ERR_FAILED, "frame is cut short");
	r->state = FRAME_NEXT;
	if (++r->frame == r->plan->nr_frames)
		return 0;
	return make_copies(r, r->plan->pieces[r->end].entry, err);
}

/* After an error nothing more is taken: the stream's place is lost. */
static int check_usable(const struct delta_receive *r, struct err *err)
{
	if (r->broken)
		return err_set(err, ERR_FAILED, "receiving has failed before");
	return 0;
}

int delta_receive_data(struct delta_receive *r, const void *data, size_t len,
		       struct err *err)
{
	int ret = check_usable(r, err);

	if (!ret && len)
		ret = take_data(r, data, len, err);
	r->broken = ret < 0;
	return ret;
}

int delta_receive_end_frame(struct delta_receive *r, struct err *err)
{
	int ret = check_usable(r, err);

	if (!ret)
		ret = take_end(r, err);
	r->broken = ret < 0;
	return ret;
}

int delta_receive_finish(struct delta_receive *r, const size_t **missing,
			 size_t *nr, struct err *err)
{
	size_t i, found = 0;
	int ret = check_usable(r, err);

	if (!ret && (r->state != FRAME_NEXT || r->frame < r->plan->nr_frames))
		ret = err_set(err, ERR_FAILED, "release is cut short");
	if (!ret)
		ret = make_copies(r, r->new->nr, err);
	r->broken = ret < 0;
	if (ret < 0)
		return ret;

	free(r->list);
	r->list = xcalloc(r->plan->nr_pieces + r->plan->nr_copies,
			  sizeof(*r->list));
	for (i = 0; i < r->new->nr; i++) {
		if (is_missing(r, i))
			r->list[found++] = i;
	}
	*missing = r->list;
	*nr = found;
	return 0;
}
