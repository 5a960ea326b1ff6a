#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/base/oid_index.h"

void oid_index_add(struct oid_index *x, const struct oid *oid, size_t index)
{
	ALLOC_GROW(x->refs, x->nr + 1, x->alloc);
	x->refs[x->nr].oid = *oid;
	x->refs[x->nr].index = (uint32_t)index;
	x->nr++;
}

static int ref_cmp(const void *va, const void *vb)
{
	const struct oid_ref *a = va, *b = vb;
	int cmp = oid_cmp(&a->oid, &b->oid);

	if (cmp)
		return cmp;
	return a->index < b->index ? -1 : a->index > b->index;
}

void oid_index_sort(struct oid_index *x)
{
	size_t kept = 0;

	if (!x->nr)
		return;
	qsort(x->refs, x->nr, sizeof(*x->refs), ref_cmp);
	for (size_t i = 1; i < x->nr; i++) {
		if (!oid_eq(&x->refs[i].oid, &x->refs[kept].oid))
			x->refs[++kept] = x->refs[i];
	}
	x->nr = kept + 1;
	for (size_t b = 0, i = 0; b < 256; b++) {
		while (i < x->nr && x->refs[i].oid.b[0] == b)
			i++;
		x->below[b + 1] = (uint32_t)i;
	}
}

struct oid_ref *oid_index_find(const struct oid_index *x, const struct oid *oid)
{
	size_t lo = x->below[oid->b[0]], hi = x->below[oid->b[0] + 1];

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int cmp = oid_cmp(&x->refs[mid].oid, oid);

		if (!cmp)
			return &x->refs[mid];
		if (cmp < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

void oid_index_release(struct oid_index *x)
{
	free(x->refs);
	*x = (struct oid_index)OID_INDEX_INIT;
}
