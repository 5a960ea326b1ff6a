#include "common/base/base.h"
#include "git-drift/prediction_join.h"

#include "common/base/mem.h"
#include "git-drift/drift_settings.h"

/* A forecast that another one has taken in. */
#define FATE_GONE FATE_NR

static struct file_version version_old(const struct tree_change *c)
{
	return (struct file_version){ .mode = c->old_mode, .id = c->old_id };
}

static struct file_version version_new(const struct tree_change *c)
{
	return (struct file_version){ .mode = c->new_mode, .id = c->new_id };
}

static enum fate judge(const struct forecast *f)
{
	if (file_version_same(&f->ours, &f->theirs))
		return FATE_ALREADY_UPSTREAM;
	if (file_version_same(&f->base, &f->theirs))
		return FATE_OURS_ONLY;
	if (file_version_same(&f->base, &f->ours))
		return FATE_VENDOR_ONLY;
	if (!f->ours.mode)
		return FATE_DELETED_HERE;
	if (!f->theirs.mode)
		return FATE_DELETED_UPSTREAM;
	return f->base.mode ? FATE_BOTH : FATE_ADDED_BOTH;
}

/* What one or both sides did to one path. */
static void add(struct prediction *p, const struct tree_change *ours,
		const struct tree_change *theirs)
{
	const struct tree_change *one = ours ? ours : theirs;
	struct forecast *f;

	ALLOC_GROW(p->v, p->nr + 1, p->alloc);
	f = &p->v[p->nr++];
	*f = (struct forecast){ .path = one->path, .base = version_old(one) };
	f->ours = ours ? version_new(ours) : f->base;
	f->theirs = theirs ? version_new(theirs) : f->base;
	f->fate = judge(f);
}

/* The change at i, or NULL behind the last one. */
static const struct tree_change *at(const struct tree_delta *d, size_t i)
{
	return i < d->nr ? &d->v[i] : NULL;
}

static void join(struct prediction *p)
{
	size_t i = 0, j = 0;

	for (;;) {
		const struct tree_change *ours = at(&p->ours, i);
		const struct tree_change *theirs = at(&p->theirs, j);
		int order;

		if (!ours && !theirs)
			break;
		if (ours && theirs)
			order = strcmp(ours->path, theirs->path);
		else
			order = ours ? -1 : 1;
		add(p, order <= 0 ? ours : NULL, order >= 0 ? theirs : NULL);
		i += order <= 0;
		j += order >= 0;
	}
}

/* Of a path that was joined: it is there. */
static struct forecast *find(struct prediction *p, const char *path)
{
	size_t low = 0, high = p->nr;

	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(p->v[mid].path, path) <= 0)
			low = mid;
		else
			high = mid;
	}
	return &p->v[low];
}

/* Where did the files go that this side deleted and the other changed? */
static int find_moves(git_repository *repo, struct prediction *p,
		      const struct tree_delta *side,
		      const struct tree_delta *other, struct rename_pairs *out,
		      struct err *err)
{
	AUTO_FREE const struct tree_change **from =
		xcalloc(side->nr + 1, sizeof(*from));
	struct rename_query q = { .delta = side, .from = from, .skip_empty = true };

	for (size_t i = 0; i < side->nr; i++)
		if (side->v[i].status == 'D' &&
		    tree_delta_get(other, side->v[i].path))
			from[q.nr++] = &side->v[i];
	if (rename_match(repo, &q, out, err) < 0)
		return err->code;
	p->renames_limited |= out->limited;
	return 0;
}

static const struct rename_pair *pair_from(const struct rename_pairs *pairs,
					   const char *path)
{
	for (size_t i = 0; i < pairs->nr; i++)
		if (!strcmp(pairs->v[i].from->path, path))
			return &pairs->v[i];
	return NULL;
}

static void clash(struct forecast *f, const char *why)
{
	f->fate = FATE_CLASH;
	f->why = why;
	f->apart = true;
}

static void note_move(struct forecast *f, const struct rename_pair *pair,
		      bool by_vendor)
{
	f->new_path = pair->to->path;
	f->score = pair->score;
	f->moved_by_vendor = by_vendor;
}

/* To two places: what results from both is put at both. */
static void moved_apart(struct prediction *p, const struct rename_pair *vendors,
			const struct rename_pair *mine)
{
	struct forecast *from = find(p, vendors->from->path);
	struct forecast *to = find(p, vendors->to->path);
	struct forecast *my_to = find(p, mine->to->path);

	note_move(from, vendors, true);
	clash(from, "ours moved it to another place");
	if (my_to->theirs.mode || to->ours.mode)
		return;
	from->apart = false;
	from->our_path = mine->to->path;
	from->ours = my_to->ours;
	from->theirs = to->theirs;
	my_to->fate = to->fate = FATE_GONE;
}

/* To one place: it is one file there that both have. */
static void moved_together(struct prediction *p, const struct rename_pair *pair)
{
	struct forecast *from = find(p, pair->from->path);
	struct forecast *to = find(p, pair->to->path);

	to->base = from->base;
	to->fate = judge(to);
	from->fate = FATE_ALREADY_UPSTREAM;
}

static bool same_type(const struct file_version *a, const struct file_version *b)
{
	return (a->mode & S_IFMT) == (b->mode & S_IFMT);
}

static void vendor_moved(struct prediction *p, const struct rename_pair *pair,
			 const struct rename_pairs *mine)
{
	const struct rename_pair *my = pair_from(mine, pair->from->path);
	struct forecast *from = find(p, pair->from->path);
	struct forecast *to = find(p, pair->to->path);

	if (my) {
		if (strcmp(pair->to->path, my->to->path) != 0)
			moved_apart(p, pair, my);
		else
			moved_together(p, pair);
		return;
	}
	note_move(from, pair, true);
	if (!from->ours.mode) {
		from->fate = FATE_DELETED_HERE;
	} else if (to->ours.mode) {
		clash(from, "ours has a file of the new name");
	} else if (!same_type(&from->base, &from->ours)) {
		clash(from, "not the same type");
	} else {
		from->theirs = to->theirs;
		from->fate = FATE_RENAMED_UPSTREAM;
		to->fate = FATE_GONE;
	}
}

static void we_moved(struct prediction *p, const struct rename_pair *pair,
		     const struct rename_pairs *vendors)
{
	struct forecast *from = find(p, pair->from->path);
	struct forecast *to = find(p, pair->to->path);

	if (pair_from(vendors, pair->from->path))
		return;
	note_move(from, pair, false);
	if (!from->theirs.mode) {
		from->fate = FATE_DELETED_UPSTREAM;
	} else if (to->theirs.mode) {
		clash(from, "the vendor has a file of the new name");
	} else if (!same_type(&from->base, &from->theirs)) {
		clash(from, "not the same type");
	} else {
		from->ours = to->ours;
		from->fate = FATE_RENAMED_HERE;
		to->fate = FATE_GONE;
	}
}

static int follow_moves(git_repository *repo, struct prediction *p,
			struct err *err)
{
	AUTO_RENAME_PAIRS struct rename_pairs mine = RENAME_PAIRS_INIT;
	AUTO_RENAME_PAIRS struct rename_pairs vendors = RENAME_PAIRS_INIT;

	if (find_moves(repo, p, &p->theirs, &p->ours, &vendors, err) < 0 ||
	    find_moves(repo, p, &p->ours, &p->theirs, &mine, err) < 0)
		return err->code;
	for (size_t i = 0; i < vendors.nr; i++)
		vendor_moved(p, &vendors.v[i], &mine);
	for (size_t i = 0; i < mine.nr; i++)
		we_moved(p, &mine.v[i], &vendors);
	return 0;
}

bool prediction_lives_below(const struct tree_delta *d, const char *path)
{
	size_t len = strlen(path), low = 0, high = d->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = strncmp(d->v[mid].path, path, len);

		if (!order)
			order = (unsigned char)d->v[mid].path[len] < '/' ? -1 : 1;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < d->nr; low++) {
		const struct tree_change *c = &d->v[low];

		if (strncmp(c->path, path, len) != 0 || c->path[len] != '/')
			return false;
		if (c->status != 'D')
			return true;
	}
	return false;
}

/* Where this side has put the file that the other side did not; or NULL. */
static const char *put_by_ours(const struct forecast *f)
{
	if (f->fate == FATE_RENAMED_HERE)
		return f->new_path;
	return f->fate == FATE_OURS_ONLY && f->ours.mode ? f->path : NULL;
}

static const char *put_by_vendor(const struct forecast *f)
{
	if (f->fate == FATE_RENAMED_UPSTREAM)
		return f->new_path;
	return f->fate == FATE_VENDOR_ONLY && f->theirs.mode ? f->path : NULL;
}

/* A file that moved is still one that results from both sides. */
static void in_the_way(struct forecast *f, const char *why)
{
	clash(f, why);
	f->apart = !f->new_path;
}

/* One side has a file where the other has a directory. */
static void find_directories_in_the_way(struct prediction *p)
{
	for (size_t i = 0; i < p->nr; i++) {
		struct forecast *f = &p->v[i];
		const char *mine = put_by_ours(f), *vendors = put_by_vendor(f);

		if (mine && prediction_lives_below(&p->theirs, mine))
			in_the_way(f,
				   "the vendor has a directory of that name");
		else if (vendors && prediction_lives_below(&p->ours, vendors))
			in_the_way(f, "ours has a directory of that name");
	}
}

static void drop_gone(struct prediction *p)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->nr; i++)
		if (p->v[i].fate != FATE_GONE)
			p->v[kept++] = p->v[i];
	p->nr = kept;
}

int prediction_join(git_repository *repo, const struct drift_settings *settings,
		    struct prediction *p, struct err *err)
{
	join(p);
	if (follow_moves(repo, p, err) < 0)
		return err->code;
	find_directories_in_the_way(p);
	drop_gone(p);
	for (size_t i = 0; i < p->nr; i++)
		p->v[i].custom = drift_settings_custom(settings, p->v[i].path);
	return 0;
}
