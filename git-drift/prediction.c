#include "common/base/base.h"
#include "git-drift/prediction.h"

#include "git-drift/prediction_join.h"

static const struct {
	const char *name, *key;
	bool decide;
} fates[] = {
	[FATE_CLASH] = { "clash", "clash", true },
	[FATE_DELETED_UPSTREAM] = { "deleted upstream", "deleted-upstream", true },
	[FATE_DELETED_HERE] = { "deleted here", "deleted-here", true },
	[FATE_ADDED_BOTH] = { "added on both sides", "added-both", true },
	[FATE_RENAMED_UPSTREAM] = { "renamed upstream", "renamed-upstream",
				    false },
	[FATE_RENAMED_HERE] = { "renamed here", "renamed-here", false },
	[FATE_BOTH] = { "both, merges", "both", false },
	[FATE_OURS_ONLY] = { "ours only", "ours-only", false },
	[FATE_ALREADY_UPSTREAM] = { "already upstream", "already-upstream",
				    false },
	[FATE_VENDOR_ONLY] = { "vendor only", "vendor-only", false },
};

const char *fate_name(enum fate fate)
{
	return fates[fate].name;
}

const char *fate_key(enum fate fate)
{
	return fates[fate].key;
}

bool fate_needs_decision(enum fate fate)
{
	return fates[fate].decide;
}

size_t prediction_minutes(const struct prediction *p)
{
	return 5 * p->clashes + p->lines / 10;
}

void prediction_release(struct prediction *p)
{
	for (size_t i = 0; i < p->nr; i++)
		free(p->v[i].clashes);
	free(p->v);
	tree_delta_release(&p->ours);
	tree_delta_release(&p->theirs);
	*p = (struct prediction)PREDICTION_INIT;
}

static bool wants_merge(const struct forecast *f)
{
	return f->fate == FATE_BOTH || f->fate == FATE_ADDED_BOTH ||
	       f->fate == FATE_RENAMED_UPSTREAM || f->fate == FATE_RENAMED_HERE;
}

static int merge_one(git_repository *repo, struct forecast *f, struct err *err)
{
	AUTO_CONTENT_MERGE struct content_merge m = CONTENT_MERGE_INIT;
	const struct content_merge_input in = {
		.base = f->base,
		.ours = f->ours,
		.theirs = f->theirs,
		.our_label = "ours",
		.their_label = "theirs",
	};

	if (content_merge(repo, &in, &m, err) < 0)
		return err->code;
	if (m.clean) {
		/* Into an empty file, for one: git merges that, too. */
		if (f->fate == FATE_ADDED_BOTH)
			f->fate = FATE_BOTH;
		return 0;
	}
	f->why = m.why;
	f->clashes = TAKE_PTR(m.clashes);
	f->nr_clashes = m.nr;
	if (f->fate != FATE_ADDED_BOTH)
		f->fate = FATE_CLASH;
	return 0;
}

static int look_closer(git_repository *repo, struct forecast *f, struct err *err)
{
	int ret = 0;

	if (wants_merge(f))
		ret = merge_one(repo, f, err);
	else if (f->fate == FATE_DELETED_UPSTREAM && f->ours.mode)
		ret = content_changes(repo, &f->base, &f->ours, &f->changes, err);
	return ret < 0 ? err_prefix(err, "'%s'", f->path) : 0;
}

static void count(struct prediction *p, const struct forecast *f)
{
	p->count[f->fate]++;
	if (!fate_needs_decision(f->fate))
		return;
	p->decisions++;
	if (f->nr_clashes)
		p->clashes += f->nr_clashes;
	else
		p->clashes += f->changes ? f->changes : 1;
	for (size_t i = 0; i < f->nr_clashes; i++)
		p->lines += f->clashes[i].ours_nr;
}

static int by_trouble(const void *a, const void *b)
{
	const struct forecast *x = a, *y = b;

	if (x->fate != y->fate)
		return x->fate < y->fate ? -1 : 1;
	return strcmp(x->path, y->path);
}

int prediction_make(git_repository *repo, const struct prediction_query *q,
		    struct prediction *out, struct err *err)
{
	AUTO_PREDICTION struct prediction p = PREDICTION_INIT;

	if (tree_delta_find(repo, &q->base, &q->ours, &p.ours, err) < 0 ||
	    tree_delta_find(repo, &q->base, &q->theirs, &p.theirs, err) < 0 ||
	    prediction_join(repo, q->settings, &p, err) < 0)
		return err->code;
	for (size_t i = 0; i < p.nr; i++) {
		if (look_closer(repo, &p.v[i], err) < 0)
			return err->code;
		count(&p, &p.v[i]);
	}
	if (p.nr)
		qsort(p.v, p.nr, sizeof(*p.v), by_trouble);
	*out = p;
	p = (struct prediction)PREDICTION_INIT;
	return 0;
}
