#include "common/base/base.h"
#include "git-drift/customizations.h"

#include "common/base/mem.h"
#include "common/base/num.h"
#include "common/text/quote.h"

const char *const customization_columns[COLUMN_KINDS] = {
	[COLUMN_OTHER] = "",	    [COLUMN_ID] = "ID",
	[COLUMN_FILE] = "File",	    [COLUMN_PROBLEM] = "Problem",
	[COLUMN_IMPACT] = "Impact", [COLUMN_ADDED] = "First added",
};

void customizations_release(struct customizations *c)
{
	while (c->nr)
		free(c->v[--c->nr].path);
	free(c->v);
	free(c->ids);
	free(c->table.columns);
	*c = (struct customizations)CUSTOMIZATIONS_INIT;
}

bool customization_id(const char *text, size_t len, uint32_t *id)
{
	static const char prefix[] = "MOD-";
	size_t n = strlen(prefix);

	return len > n && len <= n + 9 && !memcmp(text, prefix, n) &&
	       !num_parse_u32(text + n, len - n, id);
}

static int by_path(const void *va, const void *vb)
{
	const struct customization *a = va, *b = vb;
	int cmp = strcmp(a->path, b->path);

	if (!cmp)
		cmp = strcmp(a->row, b->row);
	if (!cmp)
		cmp = a->line < b->line ? -1 : a->line > b->line;
	return cmp;
}

/* Equal ids stay in the order they were read in. */
static int by_id(const void *va, const void *vb)
{
	const struct customization_id *a = va, *b = vb;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

static void tell_twice(const struct customization_id *first,
		       const struct customization_id *again,
		       struct drift_findings *f)
{
	const struct drift_place at = { .path = again->row, .first = again->line };
	AUTO_STRBUF struct strbuf where = STRBUF_INIT;

	quote_text(&where, first->row, strlen(first->row));
	drift_findings_add(f, DRIFT_ENTRY_DUPLICATE, &at,
			   "MOD-%03" PRIu32 " is already at %s:%zu", again->id,
			   where.buf, first->line);
}

void customizations_sort(struct customizations *c, struct drift_findings *f)
{
	const struct customization_id *first = c->ids;

	if (c->nr)
		qsort(c->v, c->nr, sizeof(*c->v), by_path);
	if (c->nr_ids)
		qsort(c->ids, c->nr_ids, sizeof(*c->ids), by_id);
	for (size_t i = 1; i < c->nr_ids; i++) {
		if (c->ids[i].id == first->id)
			tell_twice(first, &c->ids[i], f);
		else
			first = &c->ids[i];
	}
}

const struct customization *customizations_find(const struct customizations *c,
						const char *path)
{
	size_t lo = 0, hi = c->nr;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(c->v[mid].path, path) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < c->nr && !strcmp(c->v[lo].path, path) ? &c->v[lo] : NULL;
}

bool customizations_has_id(const struct customizations *c, uint32_t id)
{
	size_t lo = 0, hi = c->nr_ids;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (c->ids[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < c->nr_ids && c->ids[lo].id == id;
}
