#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/wire/delta_match.h"

/* How many candidates are looked at on each side of the best place. */
#define MATCH_REACH 32

/* A file that is gone, in one of the two orders it can be looked up in. */
struct candidate {
	const struct manifest_entry *e;
	size_t old;
	bool *taken; /* shared by both orders */
};

static int forward_cmp(const struct manifest_entry *a,
		       const struct manifest_entry *b)
{
	return strcmp(a->path, b->path);
}

static size_t common_suffix(const struct manifest_entry *a,
			    const struct manifest_entry *b)
{
	size_t max = a->path_len < b->path_len ? a->path_len : b->path_len;
	size_t n = 0;

	while (n < max &&
	       a->path[a->path_len - 1 - n] == b->path[b->path_len - 1 - n])
		n++;
	return n;
}

/* By the paths read from their ends. */
static int backward_cmp(const struct manifest_entry *a,
			const struct manifest_entry *b)
{
	size_t n = common_suffix(a, b);
	unsigned char ca, cb;

	if (n == a->path_len || n == b->path_len)
		return a->path_len < b->path_len ? -1 : a->path_len > b->path_len;
	ca = (unsigned char)a->path[a->path_len - 1 - n];
	cb = (unsigned char)b->path[b->path_len - 1 - n];
	return ca < cb ? -1 : 1;
}

static int backward_qsort(const void *a, const void *b)
{
	return backward_cmp(((const struct candidate *)a)->e,
			    ((const struct candidate *)b)->e);
}

static const char *base_name(const struct manifest_entry *e)
{
	const char *slash = memrchr(e->path, '/', e->path_len);

	return slash ? slash + 1 : e->path;
}

static const char *extension(const struct manifest_entry *e)
{
	const char *base = base_name(e);
	const char *dot = strrchr(base, '.');

	return dot && dot != base ? dot : "";
}

static size_t moved_score(const struct manifest_entry *a,
			  const struct manifest_entry *b)
{
	return strcmp(base_name(a), base_name(b)) ? 0 : common_suffix(a, b);
}

static size_t neighbour_score(const struct manifest_entry *a,
			      const struct manifest_entry *b)
{
	size_t n = 0;

	if (strcmp(extension(a), extension(b)) != 0)
		return 0;
	while (a->path[n] && a->path[n] == b->path[n])
		n++;
	return n + 1;
}

struct order {
	struct candidate *v;
	size_t nr;
	int (*cmp)(const struct manifest_entry *a,
		   const struct manifest_entry *b);
	size_t (*score)(const struct manifest_entry *a,
			const struct manifest_entry *b);
};

static size_t place_of(const struct order *o, const struct manifest_entry *e)
{
	size_t lo = 0, hi = o->nr;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (o->cmp(o->v[mid].e, e) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* The free candidate near e that scores best; of equals the earliest. */
static struct candidate *best_near(const struct order *o,
				   const struct manifest_entry *e)
{
	size_t at = place_of(o, e), best_score = 0;
	size_t i = at > MATCH_REACH ? at - MATCH_REACH : 0;
	size_t end = o->nr - at > MATCH_REACH ? at + MATCH_REACH : o->nr;
	struct candidate *best = NULL;

	for (; i < end; i++) {
		size_t score;

		if (*o->v[i].taken)
			continue;
		score = o->score(o->v[i].e, e);
		if (score > best_score) {
			best = &o->v[i];
			best_score = score;
		}
	}
	return best;
}

static void match_round(const struct delta_input *in,
			struct delta_target *targets, size_t nr,
			const struct order *o)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		struct candidate *c;

		if (targets[i].old != MANIFEST_NONE)
			continue;
		c = best_near(o, &in->new->entries[targets[i].entry]);
		if (!c)
			continue;
		targets[i].old = c->old;
		*c->taken = true;
	}
}

static struct candidate candidate_at(const struct delta_input *in, size_t old,
				     bool *taken)
{
	return (struct candidate){ .e = &in->old->entries[old],
				   .old = old,
				   .taken = taken };
}

void delta_match(const struct delta_input *in, struct delta_target *targets,
		 size_t nr_targets, const size_t *gone, size_t nr_gone)
{
	AUTO_FREE struct candidate *v = xcalloc(nr_gone, sizeof(*v));
	AUTO_FREE bool *taken = xcalloc(nr_gone, sizeof(*taken));
	struct order o = { .v = v, .nr = nr_gone };
	size_t i;

	if (!nr_gone)
		return;
	for (i = 0; i < nr_gone; i++)
		v[i] = candidate_at(in, gone[i], &taken[i]);
	qsort(v, nr_gone, sizeof(*v), backward_qsort);
	o.cmp = backward_cmp;
	o.score = moved_score;
	match_round(in, targets, nr_targets, &o);

	/* And once more in the order of the manifest. */
	for (i = 0; i < nr_gone; i++)
		v[i] = candidate_at(in, gone[i], &taken[i]);
	o.cmp = forward_cmp;
	o.score = neighbour_score;
	match_round(in, targets, nr_targets, &o);
}
