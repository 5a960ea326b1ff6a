#include "common/base/base.h"
#include "common/wire/manifest_script.h"

struct reader {
	const unsigned char *p, *end; /* the steps */
	const unsigned char *oid, *oid_end;
	const struct manifest *old;
	size_t old_next;
	struct strbuf *raw;
	struct strbuf path; /* of the last ADD or MOVE */
};

static int malformed(struct err *err)
{
	return err_set(err, ERR_FAILED,
		       "change list of the manifest is "
		       "malformed or made for another one");
}

static int too_large(struct err *err)
{
	return err_set(err, ERR_FAILED, "manifest is too large");
}

static int get_byte(struct reader *r)
{
	return r->p < r->end ? *r->p++ : -1;
}

static int get_number(struct reader *r, uint64_t *n)
{
	unsigned int shift;
	int c;

	*n = 0;
	for (shift = 0; shift < 63; shift += 7) {
		c = get_byte(r);
		if (c < 0)
			return -1;
		*n |= (uint64_t)(c & 0x7f) << shift;
		if (!(c & 0x80))
			return 0;
	}
	return -1;
}

static int get_mode(struct reader *r, uint32_t *mode)
{
	int c = get_byte(r);

	if (c < 0 || (size_t)c >= ARRAY_SIZE(manifest_script_modes))
		return -1;
	*mode = manifest_script_modes[c];
	return 0;
}

static int get_oid(struct reader *r, struct oid *oid)
{
	if (r->oid == r->oid_end)
		return -1;
	memcpy(oid->b, r->oid, OID_RAWSZ);
	r->oid += OID_RAWSZ;
	return 0;
}

static int get_path(struct reader *r, struct manifest_entry *e)
{
	uint64_t shared, len;

	if (get_number(r, &shared) < 0 || shared > r->path.len ||
	    get_number(r, &len) < 0 || len > (uint64_t)(r->end - r->p) ||
	    shared + len > MANIFEST_MAX_PATH || memchr(r->p, '\0', (size_t)len))
		return -1;
	strbuf_setlen(&r->path, (size_t)shared);
	strbuf_add(&r->path, r->p, (size_t)len);
	r->p += len;
	e->path = r->path.buf;
	e->path_len = (uint32_t)r->path.len;
	return 0;
}

static int get_size_change(struct reader *r, uint64_t *size)
{
	uint64_t n, diff;

	if (get_number(r, &n) < 0)
		return -1;
	diff = (n >> 1) + (n & 1);
	if (diff > MANIFEST_MAX_FILESIZE)
		return -1;
	if (n & 1) {
		if (diff > *size)
			return -1;
		*size -= diff;
	} else {
		*size += diff;
	}
	return 0;
}

/* Takes over the next nr old entries: their bytes are in one piece. */
static int take_over(struct reader *r, uint64_t nr, struct err *err)
{
	const struct manifest_entry *first, *last;
	const char *start;

	if (!nr)
		return 0;
	if (!r->old || nr > r->old->nr - r->old_next)
		return malformed(err);
	first = &r->old->entries[r->old_next];
	last = first + nr - 1;
	start = r->old_next ? first[-1].path + first[-1].path_len + 1
			    : r->old->raw.buf;
	r->old_next += (size_t)nr;
	if (strbuf_add(r->raw, start,
		       (size_t)(last->path + last->path_len + 1 - start)) < 0)
		return too_large(err);
	return 0;
}

/* What EDIT, MODE and DELETE are about. */
static int next_old(struct reader *r, struct manifest_entry *e)
{
	if (!r->old || r->old_next == r->old->nr)
		return -1;
	*e = r->old->entries[r->old_next++];
	return 0;
}

static int read_edit(struct reader *r, int op, struct manifest_entry *e)
{
	if (next_old(r, e) < 0)
		return -1;
	if (op == OP_MODE && get_mode(r, &e->mode) < 0)
		return -1;
	return get_size_change(r, &e->size) < 0 ? -1 : get_oid(r, &e->oid);
}

static int read_addition(struct reader *r, int op, struct manifest_entry *e)
{
	uint64_t n;

	if (get_mode(r, &e->mode) < 0 || get_path(r, e) < 0 ||
	    get_number(r, &n) < 0)
		return -1;
	if (op == OP_ADD) {
		e->size = n;
		return get_oid(r, &e->oid);
	}
	if (!r->old || n >= r->old->nr)
		return -1;
	e->size = r->old->entries[n].size;
	e->oid = r->old->entries[n].oid;
	return 0;
}

static int apply_step(struct reader *r, struct err *err)
{
	struct manifest_entry e = { 0 };
	uint64_t kept;
	int op, ret;

	if (get_number(r, &kept) < 0)
		return malformed(err);
	ret = take_over(r, kept, err);
	if (ret < 0)
		return ret;
	op = get_byte(r);
	if (op == OP_DELETE)
		return next_old(r, &e) < 0 ? malformed(err) : 0;
	if (op == OP_EDIT || op == OP_MODE)
		ret = read_edit(r, op, &e);
	else if (op == OP_ADD || op == OP_MOVE)
		ret = read_addition(r, op, &e);
	else
		ret = -1;
	if (ret < 0)
		return malformed(err);
	return manifest_format_entry(r->raw, &e) < 0 ? too_large(err) : 0;
}

static int apply_all(struct reader *r, struct err *err)
{
	size_t old_nr = r->old ? r->old->nr : 0;
	uint64_t nr, steps, oids;
	int ret;

	if (get_number(r, &nr) < 0 || nr != old_nr ||
	    get_number(r, &steps) < 0 || get_number(r, &oids) < 0 ||
	    oids > (uint64_t)(r->end - r->p) / OID_RAWSZ)
		return malformed(err);
	r->oid_end = r->end;
	r->end -= oids * OID_RAWSZ;
	r->oid = r->end;
	while (steps--) {
		ret = apply_step(r, err);
		if (ret < 0)
			return ret;
	}
	if (r->p != r->end || r->oid != r->oid_end)
		return malformed(err);
	return take_over(r, old_nr - r->old_next, err);
}

int manifest_script_apply(const struct strbuf *script, const struct manifest *old,
			  struct strbuf *raw, struct err *err)
{
	struct reader r = { .p = (const unsigned char *)script->buf,
			    .end = (const unsigned char *)script->buf +
				   script->len,
			    .old = old,
			    .raw = raw,
			    .path = STRBUF_INIT };
	int ret = apply_all(&r, err);

	strbuf_release(&r.path);
	return ret;
}
