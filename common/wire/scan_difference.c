#include "common/base/base.h"
#include "common/wire/scan_report.h"

#include "common/wire/index_file.h"

/* Which is next of two sorted lists: < 0 the first's, > 0 the second's. */
static int by_path(const struct release_index *a, size_t i,
		   const struct release_index *b, size_t k)
{
	if (i == a->nr || k == b->nr)
		return i == a->nr ? 1 : -1;
	return strcmp(a->entries[i].path, b->entries[k].path);
}

int scan_report_complete(struct scan_report *r,
			 const struct release_index *base, struct err *err)
{
	const struct release_index *x = &r->entries;
	AUTO_RELEASE_INDEX struct release_index whole = RELEASE_INDEX_INIT;
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT;
	size_t i = 0, k = 0;

	strbuf_addstr(&raw, RELEASE_INDEX_MAGIC);
	while (i < base->nr || k < x->nr) {
		int cmp = by_path(base, i, x, k);

		if (cmp < 0)
			release_index_add(&raw, &base->entries[i]);
		else if (x->entries[k].mode)
			release_index_add(&raw, &x->entries[k]);
		i += cmp <= 0;
		k += cmp >= 0;
	}
	index_file_end(&raw, x->sealed_at);
	if (index_file_parse(&whole, &raw, err) < 0)
		return err->code;
	release_index_release(&r->entries);
	r->entries = whole;
	whole = (struct release_index)RELEASE_INDEX_INIT;
	*r->base = '\0';
	return scan_report_check(r, err);
}

static bool same_entry(const struct index_entry *a, const struct index_entry *b)
{
	return a->mode == b->mode && a->size == b->size &&
	       a->mtime == b->mtime && a->ctime == b->ctime &&
	       a->ino == b->ino && oid_eq(&a->oid, &b->oid);
}

static void add_gone(struct strbuf *out, const struct index_entry *was)
{
	const struct index_entry e = { .path = was->path,
				       .path_len = was->path_len };

	release_index_add(out, &e);
}

void scan_report_difference(const struct release_index *old,
			    const struct release_index *new, struct strbuf *out)
{
	size_t i = 0, k = 0;

	strbuf_addstr(out, RELEASE_INDEX_MAGIC);
	while (i < old->nr || k < new->nr) {
		int cmp = by_path(old, i, new, k);

		if (cmp < 0)
			add_gone(out, &old->entries[i]);
		else if (cmp > 0 ||
			 !same_entry(&old->entries[i], &new->entries[k]))
			release_index_add(out, &new->entries[k]);
		i += cmp <= 0;
		k += cmp >= 0;
	}
	index_file_end(out, new->sealed_at);
}
