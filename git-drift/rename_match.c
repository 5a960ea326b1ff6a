#include "common/base/base.h"
#include "git-drift/rename_match.h"

#include "common/base/mem.h"
#include "common/git/tree_bytes.h"
#include "common/text/similarity.h"
#include "git-drift/line_changes.h"

/* One file that may be an end of a rename. */
struct end {
	const struct tree_change *change;
	const char *name; /* the last component */
	const git_oid *id;
	uint32_t mode;
	bool taken;
	bool sized, printed;
	uint64_t size;
	struct similarity_print print;
};

struct ends {
	struct end *v;
	size_t nr;
};

struct match {
	git_repository *repo;
	git_odb *odb;
	struct ends from, to;
	struct rename_pairs *out;
};

/* A pair that might become one: indices, and how well they fit. */
struct candidate {
	size_t from, to;
	unsigned int score;
	bool same_name;
};

void rename_pairs_release(struct rename_pairs *p)
{
	free(p->v);
	*p = (struct rename_pairs)RENAME_PAIRS_INIT;
}

static void ends_release(struct ends *ends)
{
	for (size_t i = 0; i < ends->nr; i++)
		similarity_print_release(&ends->v[i].print);
	free(ends->v);
}

static void match_release(struct match *m)
{
	ends_release(&m->from);
	ends_release(&m->to);
	git_odb_free(m->odb);
}
#define AUTO_MATCH CLEANUP(match_release)

static const char *last_component(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void add_end(struct ends *ends, const struct tree_change *c, bool old)
{
	ends->v[ends->nr++] = (struct end){
		.change = c,
		.name = last_component(c->path),
		.id = old ? &c->old_id : &c->new_id,
		.mode = old ? c->old_mode : c->new_mode,
	};
}

static bool is_empty(const git_oid *id)
{
	git_oid empty;

	return !git_odb_hash(&empty, "", 0, GIT_OBJECT_BLOB) &&
	       git_oid_equal(id, &empty);
}

static void collect(struct match *m, const struct rename_query *q)
{
	m->from.v = xcalloc(q->nr + 1, sizeof(*m->from.v));
	m->to.v = xcalloc(q->delta->nr + 1, sizeof(*m->to.v));
	for (size_t i = 0; i < q->nr; i++)
		if (!q->skip_empty || !is_empty(&q->from[i]->old_id))
			add_end(&m->from, q->from[i], true);
	for (size_t i = 0; i < q->delta->nr; i++)
		if (q->delta->v[i].status == 'A' &&
		    (!q->skip_empty || !is_empty(&q->delta->v[i].new_id)))
			add_end(&m->to, &q->delta->v[i], false);
}

static bool regular(const struct end *e)
{
	return S_ISREG(e->mode);
}

static void take(struct match *m, const struct candidate *c)
{
	struct rename_pairs *out = m->out;
	struct end *from = &m->from.v[c->from], *to = &m->to.v[c->to];

	from->taken = to->taken = true;
	ALLOC_GROW(out->v, out->nr + 1, out->alloc);
	out->v[out->nr++] = (struct rename_pair){ .from = from->change,
						  .to = to->change,
						  .score = c->score };
}

static int by_id(const void *a, const void *b)
{
	const struct end *const *x = a, *const *y = b;
	int order = git_oid_cmp((*x)->id, (*y)->id);

	return order ? order : (*x > *y) - (*x < *y);
}

/* Pointers to all of them by id, and with one id in the order they have. */
static struct end **sort_by_id(const struct ends *ends)
{
	struct end **v = xcalloc(ends->nr + 1, sizeof(struct end *));

	for (size_t i = 0; i < ends->nr; i++)
		v[i] = &ends->v[i];
	qsort(v, ends->nr, sizeof(*v), by_id);
	return v;
}

/* The first that has this id, or where it would be; v ends with a NULL. */
static struct end **first_of_id(struct end **v, size_t nr, const git_oid *id)
{
	size_t low = 0;

	while (low < nr) {
		size_t mid = low + (nr - low) / 2;

		if (git_oid_cmp(v[mid]->id, id) < 0)
			low = mid + 1;
		else
			nr = mid;
	}
	return v + low;
}

/* The same content and type; of several the one of the same name. */
static void match_exact(struct match *m)
{
	AUTO_FREE struct end **by = sort_by_id(&m->to);

	for (size_t i = 0; i < m->from.nr; i++) {
		const struct end *from = &m->from.v[i];
		struct end **to = first_of_id(by, m->to.nr, from->id);
		struct candidate best = { .from = i };

		for (; *to && git_oid_equal((*to)->id, from->id) &&
		       !best.same_name;
		     to++) {
			bool same = !strcmp(from->name, (*to)->name);

			if ((*to)->taken ||
			    (from->mode & S_IFMT) != ((*to)->mode & S_IFMT))
				continue;
			if (!best.score || same)
				best.to = (size_t)(*to - m->to.v);
			best.score = SIMILARITY_MAX;
			best.same_name = same;
		}
		if (best.score)
			take(m, &best);
	}
}

static int size_of(struct match *m, struct end *e, struct err *err)
{
	git_object_t type;
	size_t size;
	int ret;

	if (e->sized)
		return 0;
	ret = git_odb_read_header(&size, &type, m->odb, e->id);
	if (ret == GIT_ENOTFOUND)
		return object_missing(m->repo, e->id, err);
	if (ret < 0)
		return err_git(err, ERR_FAILED, "cannot read an object");
	e->size = size;
	e->sized = true;
	return 0;
}

static int print_of(struct match *m, struct end *e, struct err *err)
{
	AUTO_BLOB git_blob *blob = NULL;
	struct file_text text;

	if (e->printed)
		return 0;
	if (git_blob_lookup(&blob, m->repo, e->id) < 0)
		return err_git(err, ERR_FAILED, "cannot read an object");
	text.data = git_blob_rawcontent(blob);
	text.len = (size_t)git_blob_rawsize(blob);
	similarity_print_make(&e->print, text.data, text.len,
			      file_text_is_binary(&text));
	e->printed = true;
	return 0;
}

/* *score 0: below the least, or not to be compared. */
static int compare(struct match *m, struct end *from, struct end *to,
		   unsigned int *score, struct err *err)
{
	*score = 0;
	if (size_of(m, from, err) < 0 || size_of(m, to, err) < 0)
		return err->code;
	if (from->size > RENAME_SIZE_MAX || to->size > RENAME_SIZE_MAX ||
	    !from->size ||
	    !similarity_possible(from->size, to->size, RENAME_SCORE_MIN))
		return 0;
	if (print_of(m, from, err) < 0 || print_of(m, to, err) < 0)
		return err->code;
	*score = similarity_score(&from->print, &to->print);
	return 0;
}

/* The only free file of that name, or nr. */
static size_t only_of_name(const struct ends *ends, const char *name)
{
	size_t found = ends->nr;

	for (size_t i = 0; i < ends->nr; i++) {
		if (ends->v[i].taken || !regular(&ends->v[i]) ||
		    strcmp(ends->v[i].name, name) != 0)
			continue;
		if (found != ends->nr)
			return ends->nr;
		found = i;
	}
	return found;
}

static int match_names(struct match *m, struct err *err)
{
	for (size_t i = 0; i < m->from.nr; i++) {
		struct end *from = &m->from.v[i];
		struct candidate c = { .from = i, .same_name = true };

		if (from->taken || only_of_name(&m->from, from->name) != i)
			continue;
		c.to = only_of_name(&m->to, from->name);
		if (c.to == m->to.nr)
			continue;
		if (compare(m, from, &m->to.v[c.to], &c.score, err) < 0)
			return err->code;
		if (c.score >= RENAME_SCORE_SAMENAME)
			take(m, &c);
	}
	return 0;
}

/* The best first; then the same name; then the order of paths. */
static int by_fit(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	if (x->same_name != y->same_name)
		return x->same_name ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->to > y->to) - (x->to < y->to);
}

struct candidates {
	struct candidate *v;
	size_t nr, alloc;
};

static void candidates_release(struct candidates *c)
{
	free(c->v);
}

static int find_candidates(struct match *m, size_t i, struct candidates *out,
			   struct err *err)
{
	struct end *from = &m->from.v[i];

	for (size_t j = 0; j < m->to.nr; j++) {
		struct end *to = &m->to.v[j];
		struct candidate c = { .from = i, .to = j };

		if (to->taken || !regular(to))
			continue;
		if (compare(m, from, to, &c.score, err) < 0)
			return err->code;
		if (c.score < RENAME_SCORE_MIN)
			continue;
		c.same_name = !strcmp(from->name, to->name);
		ALLOC_GROW(out->v, out->nr + 1, out->alloc);
		out->v[out->nr++] = c;
	}
	return 0;
}

static int match_rest(struct match *m, struct err *err)
{
	CLEANUP(candidates_release) struct candidates all = { 0 };

	for (size_t i = 0; i < m->from.nr; i++)
		if (!m->from.v[i].taken && regular(&m->from.v[i]) &&
		    find_candidates(m, i, &all, err) < 0)
			return err->code;
	if (all.nr)
		qsort(all.v, all.nr, sizeof(*all.v), by_fit);
	for (size_t i = 0; i < all.nr; i++)
		if (!m->from.v[all.v[i].from].taken && !m->to.v[all.v[i].to].taken)
			take(m, &all.v[i]);
	return 0;
}

int rename_match(git_repository *repo, const struct rename_query *q,
		 struct rename_pairs *out, struct err *err)
{
	AUTO_MATCH struct match m = { .repo = repo, .out = out };

	if (!q->nr)
		return 0;
	if (git_repository_odb(&m.odb, repo) < 0)
		return err_git(err, ERR_FAILED, "cannot read objects");
	collect(&m, q);
	match_exact(&m);
	if ((uint64_t)m.from.nr * m.to.nr > RENAME_PAIRS_MAX) {
		out->limited = true;
		return 0;
	}
	if (match_names(&m, err) < 0 || match_rest(&m, err) < 0)
		return err->code;
	return 0;
}
