#include "common/base/base.h"
#include "common/base/oid_index.h"
#include "common/wire/manifest_script.h"

void manifest_script_release(struct manifest_script *s)
{
	strbuf_release(&s->ops);
	strbuf_release(&s->oids);
}

struct writer {
	const struct manifest *old, *new;
	struct oid_index moved; /* ids of the old entries, when useful */
	struct strbuf steps, oids;
	uint64_t nr_steps;
	const char *last_path;
};

static void add_number(struct strbuf *out, uint64_t n)
{
	while (n >= 0x80) {
		strbuf_addch(out, (int)(n & 0x7f) | 0x80);
		n >>= 7;
	}
	strbuf_addch(out, (int)n);
}

static void add_difference(struct strbuf *out, uint64_t from, uint64_t to)
{
	add_number(out, to >= from ? (to - from) << 1 : ((from - to) << 1) - 1);
}

static void add_mode(struct strbuf *out, uint32_t mode)
{
	size_t i = 0;

	/* A manifest holds no other mode than these. */
	while (i + 1 < ARRAY_SIZE(manifest_script_modes) &&
	       manifest_script_modes[i] != mode)
		i++;
	strbuf_addch(out, (int)i);
}

static void add_path(struct writer *w, const struct manifest_entry *e)
{
	size_t shared = 0;

	while (w->last_path[shared] && w->last_path[shared] == e->path[shared])
		shared++;
	add_number(&w->steps, shared);
	add_number(&w->steps, e->path_len - shared);
	strbuf_add(&w->steps, e->path + shared, e->path_len - shared);
	w->last_path = e->path;
}

static void add_new_entry(struct writer *w, const struct manifest_entry *e)
{
	const struct oid_ref *ref = oid_index_find(&w->moved, &e->oid);

	if (ref && (ref->index == UINT32_MAX ||
		    w->old->entries[ref->index].size != e->size))
		ref = NULL;
	strbuf_addch(&w->steps, ref ? OP_MOVE : OP_ADD);
	add_mode(&w->steps, e->mode);
	add_path(w, e);
	if (ref) {
		add_number(&w->steps, ref->index);
		return;
	}
	add_number(&w->steps, e->size);
	strbuf_add(&w->oids, e->oid.b, OID_RAWSZ);
}

static void add_edit(struct writer *w, const struct manifest_entry *o,
		     const struct manifest_entry *n)
{
	if (o->mode == n->mode) {
		strbuf_addch(&w->steps, OP_EDIT);
	} else {
		strbuf_addch(&w->steps, OP_MODE);
		add_mode(&w->steps, n->mode);
	}
	add_difference(&w->steps, o->size, n->size);
	strbuf_add(&w->oids, n->oid.b, OID_RAWSZ);
}

/* Which old entry has the content of an added one? */
static void find_moved(struct writer *w)
{
	struct manifest_walk walk = { .old = w->old, .new = w->new };
	size_t i;

	if (!w->old)
		return;
	while (manifest_walk_next(&walk)) {
		if (walk.kind == MANIFEST_ADDED)
			oid_index_add(&w->moved,
				      &w->new->entries[walk.new_index].oid,
				      UINT32_MAX);
	}
	oid_index_sort(&w->moved);
	for (i = 0; w->moved.nr && i < w->old->nr; i++) {
		struct oid_ref *ref =
			oid_index_find(&w->moved, &w->old->entries[i].oid);

		if (ref && ref->index == UINT32_MAX)
			ref->index = (uint32_t)i;
	}
}

static void write_steps(struct writer *w)
{
	struct manifest_walk walk = { .old = w->old, .new = w->new };
	uint64_t taken_over = 0;

	while (manifest_walk_next(&walk)) {
		if (walk.kind == MANIFEST_SAME) {
			taken_over++;
			continue;
		}
		add_number(&w->steps, taken_over);
		taken_over = 0;
		w->nr_steps++;
		if (walk.kind == MANIFEST_DELETED)
			strbuf_addch(&w->steps, OP_DELETE);
		else if (walk.kind == MANIFEST_MODIFIED)
			add_edit(w, &w->old->entries[walk.old_index],
				 &w->new->entries[walk.new_index]);
		else
			add_new_entry(w, &w->new->entries[walk.new_index]);
	}
}

void manifest_script_write(struct manifest_script *s, const struct manifest *old,
			   const struct manifest *new)
{
	struct writer w = { .old = old,
			    .new = new,
			    .moved = OID_INDEX_INIT,
			    .steps = STRBUF_INIT,
			    .oids = STRBUF_INIT,
			    .last_path = "" };

	find_moved(&w);
	write_steps(&w);
	add_number(&s->ops, old ? old->nr : 0);
	add_number(&s->ops, w.nr_steps);
	add_number(&s->ops, w.oids.len / OID_RAWSZ);
	strbuf_add(&s->ops, w.steps.buf, w.steps.len);
	strbuf_add(&s->oids, w.oids.buf, w.oids.len);
	strbuf_release(&w.steps);
	strbuf_release(&w.oids);
	oid_index_release(&w.moved);
}
