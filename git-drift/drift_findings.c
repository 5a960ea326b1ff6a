#include "common/base/base.h"
#include "git-drift/drift_findings.h"

#include "common/base/mem.h"

const struct drift_rule_text drift_rules[DRIFT_RULES] = {
	[DRIFT_UNRECORDED] = { "unrecorded",
			       "a change is neither recorded nor marked" },
	[DRIFT_OUTSIDE_MARKERS] = { "outside-markers",
				    "lines changed outside of the markers" },
	[DRIFT_NO_REASON] = { "deleted-without-reason",
			      "a file was deleted, and no entry says why" },
	[DRIFT_MARKER_UNBALANCED] = { "marker-unbalanced",
				      "a marker has not its other half" },
	[DRIFT_MARKER_NESTED] = { "marker-nested",
				  "a marked part begins inside of another" },
	[DRIFT_MARKER_NO_ID] = { "marker-without-id",
				 "a marker begins a part and names no id" },
	[DRIFT_MARKER_UNRECORDED] = { "marker-unrecorded",
				      "the id of a marker has no entry", true },
	[DRIFT_ENTRY_STALE] = { "entry-stale",
				"an entry names a file that is not changed" },
	[DRIFT_ENTRY_NO_FILE] = { "entry-without-file",
				  "an entry names a file that is not there" },
	[DRIFT_ENTRY_DUPLICATE] = { "entry-duplicate-id",
				    "two entries have the same id" },
	[DRIFT_ENTRY_MALFORMED] = { "entry-malformed",
				    "a row is not a complete entry" },
	[DRIFT_ENTRY_UNREAD] = { "entry-unread",
				 "what looks like an entry is none", true },
};

void drift_findings_release(struct drift_findings *f)
{
	while (f->nr) {
		free(f->v[--f->nr].path);
		free(f->v[f->nr].text);
	}
	free(f->v);
	*f = (struct drift_findings)DRIFT_FINDINGS_INIT;
}

void drift_findings_add(struct drift_findings *f, enum drift_rule rule,
			const struct drift_place *at, const char *fmt, ...)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&text, fmt, ap);
	va_end(ap);
	ALLOC_GROW(f->v, f->nr + 1, f->alloc);
	f->v[f->nr++] = (struct drift_finding){
		.rule = rule,
		.path = xstrdup(at->path),
		.first = at->first,
		.last = at->last ? at->last : at->first,
		.text = strbuf_detach(&text),
	};
	f->notes += drift_rules[rule].note;
}

static int by_number(size_t a, size_t b)
{
	return a < b ? -1 : a > b;
}

static int by_place(const void *va, const void *vb)
{
	const struct drift_finding *a = va, *b = vb;
	int cmp = strcmp(a->path, b->path);

	if (!cmp)
		cmp = by_number(a->first, b->first);
	if (!cmp)
		cmp = by_number(a->last, b->last);
	if (!cmp)
		cmp = (int)a->rule - (int)b->rule;
	return cmp ? cmp : strcmp(a->text, b->text);
}

static void drop_equal(struct drift_findings *f)
{
	size_t kept = 1;

	for (size_t i = 1; i < f->nr; i++) {
		if (by_place(&f->v[kept - 1], &f->v[i])) {
			f->v[kept++] = f->v[i];
			continue;
		}
		f->notes -= drift_rules[f->v[i].rule].note;
		free(f->v[i].path);
		free(f->v[i].text);
	}
	f->nr = kept;
}

void drift_findings_sort(struct drift_findings *f)
{
	if (!f->nr)
		return;
	qsort(f->v, f->nr, sizeof(*f->v), by_place);
	drop_equal(f);
}
