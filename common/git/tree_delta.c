#include "common/base/base.h"
#include "common/git/tree_delta.h"

#include "common/base/mem.h"
#include "common/git/tree_bytes.h"

#define DEPTH_MAX 2048

struct walk {
	struct tree_source from;
	struct tree_delta *out;
	struct strbuf path; /* of the directory that is walked, with a slash */
	int depth;
};

static int compare(struct walk *w, const git_oid *old_tree,
		   const git_oid *new_tree, struct err *err);

void tree_delta_release(struct tree_delta *d)
{
	free(d->v);
	strbuf_release(&d->paths);
	*d = (struct tree_delta)TREE_DELTA_INIT;
}

static bool is_tree(const struct tree_bytes *t)
{
	return t && t->mode == GIT_FILEMODE_TREE;
}

/* What does not differ in type differs in its content or its mode. */
static char status_of(const struct tree_change *c)
{
	if (!c->old_mode)
		return 'A';
	if (!c->new_mode)
		return 'D';
	return (c->old_mode & S_IFMT) == (c->new_mode & S_IFMT) ? 'M' : 'T';
}

static int add(struct walk *w, const struct tree_bytes *old,
	       const struct tree_bytes *new, struct err *err)
{
	const struct tree_bytes *one = old ? old : new;
	struct tree_delta *d = w->out;
	struct tree_change *c;

	if (d->nr == TREE_DELTA_MAX)
		return err_set(err, ERR_FAILED,
			       "more than %u files differ, which is too many",
			       TREE_DELTA_MAX);
	ALLOC_GROW(d->v, d->nr + 1, d->alloc);
	c = &d->v[d->nr++];
	*c = (struct tree_change){
		.old_mode = old ? old->mode : 0,
		.new_mode = new ? new->mode : 0,
		.path_len = w->path.len + one->name_len,
	};
	if (old)
		c->old_id = old->id;
	if (new)
		c->new_id = new->id;
	c->status = status_of(c);
	strbuf_add(&d->paths, w->path.buf, w->path.len);
	strbuf_add(&d->paths, one->name, one->name_len + 1);
	return 0;
}

static int enter(struct walk *w, const struct tree_bytes *old,
		 const struct tree_bytes *new, struct err *err)
{
	const struct tree_bytes *one = old ? old : new;
	size_t len = w->path.len;
	int ret;

	strbuf_add(&w->path, one->name, one->name_len);
	strbuf_addch(&w->path, '/');
	ret = compare(w, old ? &old->id : NULL, new ? &new->id : NULL, err);
	strbuf_setlen(&w->path, len);
	return ret;
}

/* Of one name; one side may be missing, and not both are the same. */
static int differ(struct walk *w, const struct tree_bytes *old,
		  const struct tree_bytes *new, struct err *err)
{
	if (is_tree(old) || is_tree(new))
		return enter(w, old, new, err);
	return add(w, old, new, err);
}

/* As git sorts a tree: a directory's name counts as if it ended in "/". */
static int order(const struct tree_bytes *a, const struct tree_bytes *b)
{
	size_t len = a->name_len < b->name_len ? a->name_len : b->name_len;
	int ret = memcmp(a->name, b->name, len);
	unsigned char x, y;

	if (ret)
		return ret;
	x = (unsigned char)a->name[len];
	y = (unsigned char)b->name[len];
	if (!x && is_tree(a))
		x = '/';
	if (!y && is_tree(b))
		y = '/';
	return (x > y) - (x < y);
}

static bool same(const struct tree_bytes *a, const struct tree_bytes *b)
{
	return a->mode == b->mode && git_oid_equal(&a->id, &b->id);
}

/* Moves on whichever side is behind, or both where they have one name. */
static int step(struct walk *w, struct tree_bytes *old, struct tree_bytes *new,
		struct err *err)
{
	bool take_old = old->name, take_new = new->name;
	int ret = 0;

	if (take_old && take_new) {
		int by_name = order(old, new);

		take_old = by_name <= 0;
		take_new = by_name >= 0;
	}
	if (!take_old || !take_new || !same(old, new))
		ret = differ(w, take_old ? old : NULL, take_new ? new : NULL,
			     err);
	if (ret >= 0 && take_old)
		ret = tree_bytes_next(old, err);
	if (ret >= 0 && take_new)
		ret = tree_bytes_next(new, err);
	return ret < 0 ? ret : 0;
}

static int begin(struct walk *w, struct tree_bytes *t, const git_oid *id,
		 struct err *err)
{
	if (!id)
		return 0;
	if (tree_bytes_open(t, &w->from, id, err) < 0)
		return err->code;
	return tree_bytes_next(t, err);
}

static int compare(struct walk *w, const git_oid *old_tree,
		   const git_oid *new_tree, struct err *err)
{
	AUTO_TREE_BYTES struct tree_bytes old = { 0 };
	AUTO_TREE_BYTES struct tree_bytes new = { 0 };

	if (w->depth == DEPTH_MAX)
		return err_set(err, ERR_REFUSED, "folders are too deep");
	if (begin(w, &old, old_tree, err) < 0 || begin(w, &new, new_tree, err) < 0)
		return err->code;
	w->depth++;
	while (old.name || new.name)
		if (step(w, &old, &new, err) < 0)
			return err->code;
	w->depth--;
	return 0;
}

/* While the list grows, its storage moves. */
static void set_paths(struct tree_delta *d)
{
	const char *p = d->paths.buf;

	for (size_t i = 0; i < d->nr; i++) {
		d->v[i].path = p;
		p += d->v[i].path_len + 1;
	}
}

int tree_delta_find(git_repository *repo, const git_oid *old_tree,
		    const git_oid *new_tree, struct tree_delta *out,
		    struct err *err)
{
	AUTO_TREE_DELTA struct tree_delta found = TREE_DELTA_INIT;
	AUTO_ODB git_odb *odb = NULL;
	struct walk w = { .from.repo = repo, .out = &found, .path = STRBUF_INIT };
	int ret = 0;

	if (git_repository_odb(&odb, repo) < 0)
		return err_git(err, ERR_FAILED, "cannot read objects");
	w.from.odb = odb;
	if (!old_tree || !new_tree || !git_oid_equal(old_tree, new_tree))
		ret = compare(&w, old_tree, new_tree, err);
	strbuf_release(&w.path);
	if (ret < 0)
		return ret;
	set_paths(&found);
	*out = found;
	found = (struct tree_delta)TREE_DELTA_INIT;
	return 0;
}

const struct tree_change *tree_delta_get(const struct tree_delta *d,
					 const char *path)
{
	size_t low = 0, high = d->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int by_path = strcmp(path, d->v[mid].path);

		if (!by_path)
			return &d->v[mid];
		if (by_path < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}
