#include "common/base/base.h"
#include "git-serversync/capture_trees.h"

#include "common/base/mem.h"
#include "common/git/tree_bytes.h"
#include "common/git/tree_walk.h"
#include "common/text/quote.h"

DEFINE_AUTO(git_tree_entry *, git_tree_entry_free, NULL)
#define AUTO_ENTRY CLEANUP(git_tree_entry_free_auto)

void capture_trees_release(struct capture_trees *t)
{
	git_tree_free(t->whole);
	git_tree_free(t->released);
	git_tree_free(t->package);
	free(t->files.v);
	strbuf_release(&t->files.paths);
}

static int open_tree(git_repository *repo, const git_oid *id, git_tree **out,
		     struct err *err)
{
	int ret = git_tree_lookup(out, repo, id);

	if (ret == GIT_ENOTFOUND)
		return object_missing(repo, id, err);
	return ret < 0 ? err_git(err, ERR_FAILED, "cannot read a tree") : 0;
}

static int open_released(struct capture_trees *t, const char *sub, struct err *err)
{
	AUTO_ENTRY git_tree_entry *entry = NULL;
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	if (!sub || !*sub)
		return open_tree(t->repo, git_tree_id(t->whole), &t->released,
				 err);
	if (!git_tree_entry_bypath(&entry, t->whole, sub) &&
	    git_tree_entry_type(entry) == GIT_OBJECT_TREE)
		return open_tree(t->repo, git_tree_entry_id(entry),
				 &t->released, err);
	quote_text(&shown, sub, strnlen(sub, 200));
	return err_set(err, ERR_FAILED,
		       "release.subdirectory '%s' is no directory of the live "
		       "commit",
		       shown.buf);
}

static int take_file(const struct tree_entry *e, void *ctx, struct err *err)
{
	struct capture_trees *t = ctx;
	struct tree_files *files = &t->files;
	struct tree_files_entry *one;

	(void)err;
	ALLOC_GROW(files->v, files->nr + 1, files->alloc);
	one = &files->v[files->nr++];
	*one = (struct tree_files_entry){
		.at = files->paths.len,
		.file = { .mode = e->mode, .id = *e->id },
	};
	strbuf_add(&files->paths, e->path, e->path_len + 1);
	return 0;
}

static int list_files(struct capture_trees *t, struct err *err)
{
	struct tree_files *files = &t->files;

	if (tree_walk(t->repo, git_tree_id(t->released), take_file, t, err) < 0)
		return err->code;
	for (size_t i = 0; i < files->nr; i++)
		files->v[i].path = files->paths.buf + files->v[i].at;
	return 0;
}

void capture_git_path(struct strbuf *out, const char *sub, const char *path)
{
	if (sub && *sub)
		strbuf_addf(out, "%s/", sub);
	strbuf_addstr(out, path);
}

int capture_trees_open(struct capture_trees *t,
		       const struct capture_sources *from, bool all,
		       struct err *err)
{
	t->repo = from->repo;
	t->files.paths = (struct strbuf)STRBUF_INIT;
	if (open_tree(t->repo, &from->base_tree, &t->whole, err) < 0 ||
	    open_released(t, from->subdirectory, err) < 0 ||
	    (from->has_package &&
	     open_tree(t->repo, &from->package_tree, &t->package, err) < 0))
		return err->code;
	return all ? list_files(t, err) : 0;
}

static int look_up(const git_tree *tree, const char *path,
		   struct tree_file *out, struct err *err)
{
	AUTO_ENTRY git_tree_entry *entry = NULL;
	int ret;

	*out = (struct tree_file){ 0 };
	if (!tree)
		return 0;
	ret = git_tree_entry_bypath(&entry, tree, path);
	if (ret == GIT_ENOTFOUND)
		return 0;
	if (ret < 0)
		return err_git(err, ERR_FAILED, "cannot read a tree");
	if (git_tree_entry_type(entry) == GIT_OBJECT_TREE)
		return 0;
	out->mode = git_tree_entry_filemode(entry);
	out->id = *git_tree_entry_id(entry);
	return 0;
}

int capture_trees_commit(struct capture_trees *t, const char *path,
			 struct tree_file *out, struct err *err)
{
	return look_up(t->released, path, out, err);
}

int capture_trees_package(struct capture_trees *t, const char *path,
			  struct tree_file *out, struct err *err)
{
	return look_up(t->package, path, out, err);
}

struct counter {
	const struct capture_scope *scope;
	const char *sub;
	size_t nr, enough;
	bool stopped;
};

static int count_one(const struct tree_entry *e, void *ctx, struct err *err)
{
	struct counter *c = ctx;
	AUTO_STRBUF struct strbuf git_path = STRBUF_INIT;

	capture_git_path(&git_path, c->sub, e->path);
	c->nr += !capture_scope_leaves_out(c->scope, e->path, git_path.buf);
	if (c->nr <= c->enough)
		return 0;
	c->stopped = true;
	return err_set(err, ERR_FAILED, "enough");
}

int capture_trees_count(struct capture_trees *t,
			const struct capture_sources *from, size_t enough,
			size_t *nr, struct err *err)
{
	struct counter c = { .scope = from->scope,
			     .sub = from->subdirectory,
			     .enough = enough };
	AUTO_ERR struct err stop = ERR_INIT;

	if (tree_walk(t->repo, git_tree_id(t->package), count_one, &c, &stop) < 0 &&
	    !c.stopped)
		return err_set(err, stop.code, "%s", stop.msg.buf);
	*nr = c.nr;
	return 0;
}
