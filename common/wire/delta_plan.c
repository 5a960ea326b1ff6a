#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/base/oid_index.h"
#include "common/wire/delta_match.h"
#include "common/wire/delta_plan.h"

/*
 * An old file much larger than what is built from it is cut: reading, proving
 * and searching all of it would cost more than it saves.
 */
#define PREFIX_SLACK ((uint64_t)1 << 20)

/* What the plan is made of, while it is being made. */
struct draft {
	const struct delta_input *in;
	struct delta_target *targets; /* new entries that differ */
	size_t nr, alloc;
	size_t *gone; /* deleted old entries that may serve as prefixes */
	size_t nr_gone, alloc_gone;
	struct oid_index first; /* of each content among the targets */
	size_t *from_old;	/* by position in first.refs */
};

static void draft_release(struct draft *d)
{
	free(d->targets);
	free(d->gone);
	free(d->from_old);
	oid_index_release(&d->first);
}

void delta_plan_release(struct delta_plan *plan)
{
	free(plan->pieces);
	free(plan->prefix);
	free(plan->frames);
	free(plan->copies);
	*plan = (struct delta_plan)DELTA_PLAN_INIT;
}

static void add_target(struct draft *d, size_t entry, size_t old)
{
	ALLOC_GROW(d->targets, d->nr + 1, d->alloc);
	d->targets[d->nr].entry = entry;
	d->targets[d->nr].old = old;
	d->nr++;
}

static bool is_omitted(const struct delta_input *in, size_t old)
{
	return in->omitted && (in->omitted[old / 8] >> (old % 8) & 1);
}

static void collect_changes(struct draft *d)
{
	struct manifest_walk w = { .old = d->in->old, .new = d->in->new };

	while (manifest_walk_next(&w)) {
		if (w.kind == MANIFEST_ADDED || w.kind == MANIFEST_MODIFIED) {
			add_target(d, w.new_index, w.old_index);
		} else if (w.kind == MANIFEST_DELETED) {
			ALLOC_GROW(d->gone, d->nr_gone + 1, d->alloc_gone);
			d->gone[d->nr_gone++] = w.old_index;
		}
	}
}

static int collect_wanted(struct draft *d, struct err *err)
{
	const struct delta_input *in = d->in;
	size_t i;

	for (i = 0; i < in->nr_wanted; i++) {
		if (in->wanted[i] >= in->new->nr ||
		    (i && in->wanted[i] <= in->wanted[i - 1]))
			return err_set(err, ERR_FAILED,
				       "list of wanted files is malformed");
		add_target(d, in->wanted[i], MANIFEST_NONE);
	}
	return 0;
}

/* Links and empty files are sent: that costs less than finding a copy. */
static bool can_be_copied(const struct manifest_entry *e)
{
	return e->mode != MANIFEST_SYMLINK && e->size;
}

/* Fills first and from_old. */
static void index_contents(struct draft *d)
{
	const struct manifest *old = d->in->old, *new = d->in->new;
	size_t i;

	for (i = 0; i < d->nr; i++) {
		const struct manifest_entry *e =
			&new->entries[d->targets[i].entry];

		if (can_be_copied(e))
			oid_index_add(&d->first, &e->oid, d->targets[i].entry);
	}
	oid_index_sort(&d->first);
	d->from_old = xcalloc(d->first.nr, sizeof(*d->from_old));
	for (i = 0; i < d->first.nr; i++)
		d->from_old[i] = MANIFEST_NONE;

	for (i = 0; old && i < old->nr; i++) {
		struct oid_ref *ref;
		size_t *slot;

		if (!can_be_copied(&old->entries[i]))
			continue;
		ref = oid_index_find(&d->first, &old->entries[i].oid);
		if (!ref || new->entries[ref->index].size != old->entries[i].size)
			continue;
		slot = &d->from_old[ref - d->first.refs];
		if (*slot == MANIFEST_NONE)
			*slot = i;
	}
}

static void add_copy(struct delta_plan *plan, struct delta_copy copy)
{
	ALLOC_GROW(plan->copies, plan->nr_copies + 1, plan->alloc_copies);
	plan->copies[plan->nr_copies++] = copy;
}

/* True when the target need not be sent: it is planned as a copy. */
static bool plan_copy(struct delta_plan *plan, const struct draft *d,
		      const struct delta_target *t)
{
	const struct manifest *new = d->in->new;
	const struct manifest_entry *e = &new->entries[t->entry];
	struct delta_copy copy = { .entry = t->entry };
	const struct oid_ref *ref;

	if (!can_be_copied(e))
		return false;
	ref = oid_index_find(&d->first, &e->oid);
	if (!ref || new->entries[ref->index].size != e->size)
		return false;

	copy.from = d->from_old[ref - d->first.refs];
	/* Only the mode changed: its own old self is the natural source. */
	if (copy.from != MANIFEST_NONE && t->old != MANIFEST_NONE &&
	    can_be_copied(&d->in->old->entries[t->old]) &&
	    oid_eq(&d->in->old->entries[t->old].oid, &e->oid))
		copy.from = t->old;
	if (copy.from == MANIFEST_NONE) {
		if (ref->index == t->entry)
			return false;
		copy.from_new = true;
		copy.from = ref->index;
	}
	add_copy(plan, copy);
	return true;
}

static int size_cmp(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return x < y ? -1 : x > y;
}

/* A file that moved unchanged has been used; one the client lacks is lost. */
static void drop_unusable(struct draft *d, const struct delta_plan *plan)
{
	AUTO_FREE size_t *used = xcalloc(plan->nr_copies, sizeof(*used));
	size_t i, nr = 0, kept = 0;

	for (i = 0; i < plan->nr_copies; i++) {
		if (!plan->copies[i].from_new)
			used[nr++] = plan->copies[i].from;
	}
	qsort(used, nr, sizeof(*used), size_cmp);
	for (i = 0; i < d->nr_gone; i++) {
		size_t old = d->gone[i];

		if (!is_omitted(d->in, old) && d->in->old->entries[old].size &&
		    !bsearch(&old, used, nr, sizeof(*used), size_cmp))
			d->gone[kept++] = old;
	}
	d->nr_gone = kept;
}

/* Splits the targets into copies and what is to be sent. */
static void plan_copies(struct delta_plan *plan, struct draft *d)
{
	size_t i, kept = 0;

	index_contents(d);
	for (i = 0; i < d->nr; i++) {
		if (!plan_copy(plan, d, &d->targets[i]))
			d->targets[kept++] = d->targets[i];
	}
	d->nr = kept;
	drop_unusable(d, plan);
	delta_match(d->in, d->targets, d->nr, d->gone, d->nr_gone);
}

/* The part of the old file that goes with a piece of the new one. */
static struct delta_piece prefix_for(const struct draft *d, size_t old,
				     const struct delta_piece *piece)
{
	struct delta_piece p = { .entry = old, .off = piece->off };
	uint64_t size, most = 4 * piece->len + PREFIX_SLACK;

	if (old == MANIFEST_NONE || is_omitted(d->in, old))
		return p;
	size = d->in->old->entries[old].size;
	if (!piece->len || p.off >= size)
		return p;
	p.len = size - p.off;
	if (p.len > most)
		p.len = most;
	if (p.len > DELTA_PREFIX_MAX)
		p.len = DELTA_PREFIX_MAX;
	return p;
}

static struct delta_frame *frame_with_room(struct delta_plan *plan,
					   uint64_t len, uint64_t prefix_len)
{
	struct delta_frame *f;

	if (plan->nr_frames) {
		f = &plan->frames[plan->nr_frames - 1];
		if (f->len + len <= DELTA_FRAME_MAX &&
		    f->prefix_len + prefix_len <= DELTA_PREFIX_MAX)
			return f;
	}
	ALLOC_GROW(plan->frames, plan->nr_frames + 1, plan->alloc_frames);
	f = &plan->frames[plan->nr_frames++];
	*f = (struct delta_frame){ .piece = plan->nr_pieces,
				   .prefix = plan->nr_prefix };
	return f;
}

static void add_piece(struct delta_plan *plan, const struct delta_piece *piece,
		      const struct delta_piece *prefix)
{
	struct delta_frame *f = frame_with_room(plan, piece->len, prefix->len);

	ALLOC_GROW(plan->pieces, plan->nr_pieces + 1, plan->alloc_pieces);
	plan->pieces[plan->nr_pieces++] = *piece;
	f->nr_pieces++;
	f->len += piece->len;
	plan->total += piece->len;
	if (!prefix->len)
		return;
	ALLOC_GROW(plan->prefix, plan->nr_prefix + 1, plan->alloc_prefix);
	plan->prefix[plan->nr_prefix++] = *prefix;
	f->nr_prefix++;
	f->prefix_len += prefix->len;
	plan->prefix_total += prefix->len;
}

static void add_file(struct delta_plan *plan, const struct draft *d,
		     const struct delta_target *t)
{
	uint64_t left = d->in->new->entries[t->entry].size;
	struct delta_piece piece = { .entry = t->entry }, prefix;

	do {
		piece.len = left < DELTA_FRAME_MAX ? left : DELTA_FRAME_MAX;
		prefix = prefix_for(d, t->old, &piece);
		add_piece(plan, &piece, &prefix);
		piece.off += piece.len;
		left -= piece.len;
	} while (left);
}

/* Before anything is laid out: the number of pieces follows from the sum. */
static int check_total(const struct draft *d, struct err *err)
{
	uint64_t total = 0;
	size_t i;

	for (i = 0; i < d->nr; i++) {
		total += d->in->new->entries[d->targets[i].entry].size;
		if (total > DELTA_TOTAL_MAX)
			return err_set(err, ERR_FAILED,
				       "release is too large to be sent");
	}
	return 0;
}

int delta_plan_make(struct delta_plan *plan, const struct delta_input *in,
		    struct err *err)
{
	CLEANUP(draft_release) struct draft d = { .in = in };
	int ret = 0;
	size_t i;

	if (in->wanted)
		ret = collect_wanted(&d, err);
	else
		collect_changes(&d);
	if (!ret)
		ret = check_total(&d, err);
	if (ret < 0)
		return ret;

	if (!in->wanted)
		plan_copies(plan, &d);
	for (i = 0; i < d.nr; i++)
		add_file(plan, &d, &d.targets[i]);
	return 0;
}
