#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/wire/delta_proof.h"

#define READ_SIZE ((size_t)256 << 10)

void delta_proof_release(struct delta_proof *p)
{
	free(p->buf);
	free(p->digests);
}

/* 1, 0 when the bytes are not there, or an error. */
static int read_old(struct delta_proof *p, const struct delta_piece *piece,
		    char *buf, struct err *err)
{
	AUTO_ERR struct err gone = ERR_INIT;
	int ret = p->store->read_old(p->store->ctx, piece->entry, piece->off,
				     buf, (size_t)piece->len, &gone);

	if (ret >= 0)
		return 1;
	if (ret == ERR_NOTFOUND)
		return 0;
	return err_set(err, ret, "%s", gone.msg.buf);
}

static void digest(const struct delta_piece *piece, const char *buf,
		   struct oid *oid)
{
	struct blob_hash h;

	blob_hash_init(&h, piece->len);
	blob_hash_update(&h, buf, (size_t)piece->len);
	blob_hash_final(&h, oid);
}

/* The pieces of one old file, and the digests that grow while it is read. */
struct walk {
	const struct delta_piece *piece, *end;
	struct oid *digest;
	struct blob_hash hash;
};

/* Feeds the digests with what of buf, which is at off, lies in the pieces. */
static void walk_feed(struct walk *w, uint64_t off, const char *buf, size_t len)
{
	while (w->piece < w->end && off + len > w->piece->off) {
		uint64_t from = w->piece->off > off ? w->piece->off : off;
		uint64_t stop = w->piece->off + w->piece->len;

		if (from == w->piece->off)
			blob_hash_init(&w->hash, w->piece->len);
		if (stop > off + len) {
			blob_hash_update(&w->hash, buf + (from - off),
					 (size_t)(off + len - from));
			return;
		}
		blob_hash_update(&w->hash, buf + (from - off),
				 (size_t)(stop - from));
		blob_hash_final(&w->hash, w->digest++);
		w->piece++;
	}
}

/* Reads the whole file; 1 when it is the one the manifest names. */
static int hash_whole(struct delta_proof *p, struct walk *w, size_t entry,
		      struct err *err)
{
	AUTO_FREE char *buf = xcalloc(1, READ_SIZE);
	const struct manifest_entry *e = &p->old->entries[entry];
	struct delta_piece part = { .entry = entry };
	struct blob_hash hash;
	struct oid oid;
	int ret;

	blob_hash_init(&hash, e->size);
	for (; part.off < e->size; part.off += part.len) {
		part.len = e->size - part.off;
		if (part.len > READ_SIZE)
			part.len = READ_SIZE;
		ret = read_old(p, &part, buf, err);
		if (ret <= 0)
			return ret;
		blob_hash_update(&hash, buf, (size_t)part.len);
		walk_feed(w, part.off, buf, (size_t)part.len);
	}
	blob_hash_final(&hash, &oid);
	return oid_eq(&oid, &e->oid);
}

/* The pieces of one file stand together in the plan. */
static int prove_pieces(struct delta_proof *p, size_t first, struct err *err)
{
	const struct delta_piece *prefix = p->plan->prefix;
	size_t entry = prefix[first].entry, end = first;
	struct walk w = { 0 };
	int ret;

	if (p->entry == entry)
		return 0;
	while (end < p->plan->nr_prefix && prefix[end].entry == entry)
		end++;
	free(p->digests);
	p->digests = xcalloc(end - first, sizeof(*p->digests));
	p->entry = entry;
	p->first = first;
	w.piece = prefix + first;
	w.end = prefix + end;
	w.digest = p->digests;
	ret = hash_whole(p, &w, entry, err);
	p->good = ret > 0;
	return ret < 0 ? ret : 0;
}

static int read_proven(struct delta_proof *p, size_t nr, char *buf,
		       struct err *err)
{
	const struct delta_piece *piece = &p->plan->prefix[nr];
	const struct manifest_entry *e = &p->old->entries[piece->entry];
	const struct oid *expected = &e->oid;
	struct oid oid;
	int ret;

	if (piece->len != e->size) {
		ret = prove_pieces(p, nr, err);
		if (ret < 0 || !p->good)
			return ret;
		expected = &p->digests[nr - p->first];
	}
	ret = read_old(p, piece, buf, err);
	if (ret <= 0)
		return ret;
	digest(piece, buf, &oid);
	return oid_eq(&oid, expected);
}

int delta_proof_read(struct delta_proof *p, const struct delta_frame *f,
		     struct err *err)
{
	size_t i, filled = 0;
	int ret = 1;

	if (f->prefix_len > p->alloc) {
		free(p->buf);
		p->alloc = (size_t)f->prefix_len;
		p->buf = xcalloc(p->alloc, 1);
	}
	for (i = 0; ret > 0 && i < f->nr_prefix; i++) {
		ret = read_proven(p, f->prefix + i, p->buf + filled, err);
		filled += (size_t)p->plan->prefix[f->prefix + i].len;
	}
	return ret;
}
