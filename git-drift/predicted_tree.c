#include "common/base/base.h"
#include "git-drift/predicted_merge.h"

#include "git-drift/prediction_join.h"

DEFINE_AUTO(git_index *, git_index_free, NULL)
#define AUTO_INDEX CLEANUP(git_index_free_auto)

struct build {
	git_repository *repo;
	git_tree *our_tree;
	git_index *index; /* in memory; begins as ours */
	const struct predicted_merge *m;
	const struct prediction *p;
};

static int drop(struct build *b, const char *path, struct err *err)
{
	if (git_index_get_bypath(b->index, path, 0) &&
	    git_index_remove(b->index, path, 0) < 0)
		return err_git(err, ERR_FAILED, "cannot remove a path");
	return 0;
}

/* Of the side that has a file there; the vendor's, when ours has none. */
static const char *label_of(const struct build *b, const char *path)
{
	git_tree_entry *e = NULL;
	const char *label = b->m->their_label;

	if (!git_tree_entry_bypath(&e, b->our_tree, path) &&
	    git_tree_entry_type(e) != GIT_OBJECT_TREE)
		label = b->m->our_label;
	git_tree_entry_free(e);
	return label;
}

static bool is_directory(const struct build *b, const char *path)
{
	AUTO_STRBUF struct strbuf prefix = STRBUF_INIT;

	strbuf_addf(&prefix, "%s/", path);
	return !git_index_find_prefix(NULL, b->index, prefix.buf);
}

static int add(struct build *b, const char *path, const struct file_version *v,
	       struct err *err)
{
	git_index_entry entry = { .mode = v->mode, .id = v->id, .path = path };

	if (git_index_add(b->index, &entry) < 0)
		return err_git(err, ERR_FAILED, "cannot add a path");
	return 0;
}

/* As merge-ort names what has to step aside; a slash would be a directory. */
static int put_aside(struct build *b, const char *path, const char *label,
		     const struct file_version *v, struct err *err)
{
	AUTO_STRBUF struct strbuf name = STRBUF_INIT;
	size_t len;

	strbuf_addf(&name, "%s~", path);
	len = name.len;
	strbuf_addstr(&name, label);
	for (char *p = name.buf + len; *p; p++)
		if (*p == '/')
			*p = '_';
	len = name.len;
	for (int i = 0; git_index_get_bypath(b->index, name.buf, 0) ||
			is_directory(b, name.buf);
	     i++) {
		strbuf_setlen(&name, len);
		strbuf_addf(&name, "_%d", i);
	}
	return add(b, name.buf, v, err);
}

/* A file where path needs a directory makes room. */
static int clear_way(struct build *b, const char *path, struct err *err)
{
	AUTO_STRBUF struct strbuf parent = STRBUF_INIT;

	for (const char *p = path; (p = strchr(p, '/')); p++) {
		const git_index_entry *e;
		struct file_version v;

		strbuf_reset(&parent);
		strbuf_add(&parent, path, (size_t)(p - path));
		e = git_index_get_bypath(b->index, parent.buf, 0);
		if (!e)
			continue;
		v = (struct file_version){ .mode = e->mode, .id = e->id };
		if (drop(b, parent.buf, err) < 0)
			return err->code;
		return put_aside(b, parent.buf, label_of(b, parent.buf), &v, err);
	}
	return 0;
}

/* libgit2 would remove without a word what a name collides with. */
static int put(struct build *b, const char *path, const struct file_version *v,
	       struct err *err)
{
	if (is_directory(b, path))
		return put_aside(b, path, label_of(b, path), v, err);
	return clear_way(b, path, err) < 0 ? err->code : add(b, path, v, err);
}

/* With the path on that side, where the sides do not call it the same. */
static const char *label(struct strbuf *out, const char *who, const char *path,
			 bool with_path)
{
	strbuf_addstr(out, who);
	if (with_path)
		strbuf_addf(out, ":%s", path);
	return out->buf;
}

static int write_merge(struct build *b, const struct forecast *f,
		       struct file_version *result, struct err *err)
{
	AUTO_CONTENT_MERGE struct content_merge m = CONTENT_MERGE_INIT;
	AUTO_STRBUF struct strbuf ours = STRBUF_INIT, theirs = STRBUF_INIT;
	const char *moved = f->new_path, *mine = f->path, *vendors = f->path;
	struct content_merge_input in = { .base = f->base,
					  .ours = f->ours,
					  .theirs = f->theirs };

	if (moved && f->moved_by_vendor)
		vendors = moved;
	else if (moved)
		mine = moved;
	if (f->our_path) {
		mine = f->our_path;
		in.longer_markers = true;
	}
	in.our_label = label(&ours, b->m->our_label, mine, moved);
	in.their_label = label(&theirs, b->m->their_label, vendors, moved);
	if (content_merge(b->repo, &in, &m, err) < 0)
		return err->code;
	*result = (struct file_version){ .mode = m.mode, .id = m.take.id };
	if (m.has_text && git_blob_create_from_buffer(&result->id, b->repo,
						      m.text.buf, m.text.len) < 0)
		return err_git(err, ERR_FAILED, "cannot write an object");
	return 0;
}

static bool same_type(const struct forecast *f)
{
	return (f->ours.mode & S_IFMT) == (f->theirs.mode & S_IFMT);
}

/* The one that is a file makes room for the one that is not, or both do. */
static int put_both(struct build *b, const struct forecast *f, struct err *err)
{
	if (!S_ISREG(f->ours.mode) && !S_ISREG(f->theirs.mode) &&
	    (drop(b, f->path, err) < 0 ||
	     put_aside(b, f->path, b->m->our_label, &f->ours, err) < 0))
		return err->code;
	if (!S_ISREG(f->ours.mode))
		return put_aside(b, f->path, b->m->their_label, &f->theirs, err);
	if (put(b, f->path, &f->theirs, err) < 0)
		return err->code;
	return put_aside(b, f->path, b->m->our_label, &f->ours, err);
}

static int put_merge(struct build *b, const struct forecast *f, struct err *err)
{
	struct file_version result;

	if (!same_type(f))
		return put_both(b, f, err);
	if (write_merge(b, f, &result, err) < 0)
		return err->code;
	if (f->our_path && put(b, f->our_path, &result, err) < 0)
		return err->code;
	return put(b, f->new_path ? f->new_path : f->path, &result, err);
}

static bool both_there(const struct forecast *f)
{
	return f->ours.mode && f->theirs.mode &&
	       !file_version_same(&f->base, &f->ours) &&
	       !file_version_same(&f->base, &f->theirs);
}

/* One file results from both sides, be it at a place of its own. */
static bool merges(const struct forecast *f)
{
	return f->our_path || (!f->apart && (f->new_path || both_there(f)));
}

/* Without text to merge; what is ours is in the index already. */
static int put_clash(struct build *b, const struct forecast *f, struct err *err)
{
	bool by_vendor = f->theirs.mode &&
			 !file_version_same(&f->base, &f->theirs);

	if (by_vendor && prediction_lives_below(&b->p->ours, f->path))
		return put_aside(b, f->path, b->m->their_label, &f->theirs, err);
	if (f->ours.mode && prediction_lives_below(&b->p->theirs, f->path)) {
		if (drop(b, f->path, err) < 0)
			return err->code;
		return put_aside(b, f->path, b->m->our_label, &f->ours, err);
	}
	if (by_vendor && !f->ours.mode)
		return put(b, f->path, &f->theirs, err);
	return 0;
}

/* What stays, and what goes: directories must be free before they are used. */
static int apply_removals(struct build *b, const struct forecast *f,
			  struct err *err)
{
	bool moved = f->moved_by_vendor && (f->fate == FATE_RENAMED_UPSTREAM ||
					    (f->fate == FATE_CLASH && merges(f)));

	if (moved || (f->fate == FATE_VENDOR_ONLY && !f->theirs.mode))
		return drop(b, f->path, err);
	if ((f->fate == FATE_CLASH || f->fate == FATE_DELETED_UPSTREAM) &&
	    f->ours.mode && !both_there(f) && !merges(f))
		return put_clash(b, f, err);
	return 0;
}

static int apply_one(struct build *b, const struct forecast *f, struct err *err)
{
	switch (f->fate) {
	case FATE_VENDOR_ONLY:
		return f->theirs.mode ? put(b, f->path, &f->theirs, err) : 0;
	case FATE_CLASH:
	case FATE_ADDED_BOTH:
		if (merges(f))
			return put_merge(b, f, err);
		return f->ours.mode ? 0 : put_clash(b, f, err);
	case FATE_DELETED_HERE: return put_clash(b, f, err);
	case FATE_BOTH:
	case FATE_RENAMED_UPSTREAM:
	case FATE_RENAMED_HERE: return put_merge(b, f, err);
	default: return 0;
	}
}

static int apply_all(struct build *b, struct err *err)
{
	for (size_t i = 0; i < b->p->nr; i++)
		if (apply_removals(b, &b->p->v[i], err) < 0)
			return err->code;
	for (size_t i = 0; i < b->p->nr; i++)
		if (apply_one(b, &b->p->v[i], err) < 0)
			return err->code;
	return 0;
}

int predicted_merge_tree(git_repository *repo, const struct predicted_merge *m,
			 const struct prediction *prediction, git_oid *tree,
			 struct err *err)
{
	AUTO_COMMIT git_commit *ours = NULL;
	AUTO_TREE git_tree *our_tree = NULL;
	AUTO_INDEX git_index *index = NULL;
	struct build b = { .repo = repo, .m = m, .p = prediction };

	if (git_commit_lookup(&ours, repo, &m->ours) < 0 ||
	    git_commit_tree(&our_tree, ours) < 0 || git_index_new(&index) < 0 ||
	    git_index_read_tree(index, our_tree) < 0)
		return err_git(err, ERR_FAILED, "cannot read our tree");
	b.our_tree = our_tree;
	b.index = index;
	if (apply_all(&b, err) < 0)
		return err->code;
	if (git_index_write_tree_to(tree, index, repo) < 0)
		return err_git(err, ERR_FAILED, "cannot write the tree");
	return 0;
}
