#include "common/base/base.h"
#include "common/text/manifest.h"

/* Finding entries in a manifest, and two manifests side by side. */

static int path_cmp(const struct manifest_entry *e, const char *path, size_t len)
{
	size_t min = e->path_len < len ? e->path_len : len;
	int cmp = memcmp(e->path, path, min);

	if (cmp)
		return cmp;
	return e->path_len < len ? -1 : e->path_len > len;
}

size_t manifest_position(const struct manifest *m, const char *path, size_t len)
{
	size_t lo = 0, hi = m->nr;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (path_cmp(&m->entries[mid], path, len) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

ssize_t manifest_find(const struct manifest *m, const char *path, size_t len)
{
	size_t i = manifest_position(m, path, len);

	return i < m->nr && !path_cmp(&m->entries[i], path, len) ? (ssize_t)i
								 : -1;
}

static const struct manifest_entry *entry_at(const struct manifest *m, size_t i)
{
	return m && i < m->nr ? &m->entries[i] : NULL;
}

bool manifest_same(const struct manifest_entry *a, const struct manifest_entry *b)
{
	return a->mode == b->mode && oid_eq(&a->oid, &b->oid);
}

bool manifest_walk_next(struct manifest_walk *w)
{
	const struct manifest_entry *o = entry_at(w->old, w->old_next);
	const struct manifest_entry *n = entry_at(w->new, w->new_next);
	int cmp;

	if (!o && !n)
		return false;
	cmp = !o ? 1 : !n ? -1 : path_cmp(o, n->path, n->path_len);
	w->old_index = cmp <= 0 ? w->old_next++ : MANIFEST_NONE;
	w->new_index = cmp >= 0 ? w->new_next++ : MANIFEST_NONE;
	if (cmp < 0)
		w->kind = MANIFEST_DELETED;
	else if (cmp > 0)
		w->kind = MANIFEST_ADDED;
	else if (manifest_same(o, n))
		w->kind = MANIFEST_SAME;
	else
		w->kind = MANIFEST_MODIFIED;
	return true;
}
