#include "common/base/base.h"
#include "common/git/tree_walk.h"

#include "common/git/tree_bytes.h"
#include "common/text/quote.h"

#include <strings.h>

#define DEPTH_MAX      2048
#define PATH_MAX_BYTES 4095

struct walk {
	struct tree_source from;
	int (*cb)(const struct tree_entry *e, void *ctx, struct err *err);
	void *ctx;
	struct strbuf path;
	int depth;
};

static bool name_ok(const char *name, size_t len)
{
	if (!len || len > NAME_MAX || memchr(name, '/', len))
		return false;
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return false;
	return strcasecmp(name, ".git") != 0;
}

static int bad_name(const struct walk *w, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_path(&shown, w->path.buf, w->path.len, false);
	return err_set(err, ERR_REFUSED, "'%s' is no name for a file", shown.buf);
}

static int walk_tree(struct walk *w, const git_oid *id, struct err *err);

static int walk_entry(struct walk *w, const struct tree_bytes *t, struct err *err)
{
	struct tree_entry e = { .mode = t->mode, .id = &t->id };
	size_t len = w->path.len;
	int ret;

	strbuf_add(&w->path, t->name, t->name_len);
	if (!name_ok(t->name, t->name_len) || w->path.len > PATH_MAX_BYTES)
		return bad_name(w, err);
	if (t->mode == GIT_FILEMODE_TREE) {
		strbuf_addch(&w->path, '/');
		ret = walk_tree(w, &t->id, err);
	} else {
		e.path = w->path.buf;
		e.path_len = w->path.len;
		e.name = w->path.buf + len;
		ret = w->cb(&e, w->ctx, err);
	}
	strbuf_setlen(&w->path, len);
	return ret;
}

static int walk_tree(struct walk *w, const git_oid *id, struct err *err)
{
	AUTO_TREE_BYTES struct tree_bytes t = { 0 };
	int ret;

	if (w->depth >= DEPTH_MAX)
		return err_set(err, ERR_REFUSED, "folders are too deep");
	ret = tree_bytes_open(&t, &w->from, id, err);
	if (ret < 0)
		return ret;
	w->depth++;
	while (ret >= 0 && (ret = tree_bytes_next(&t, err)) > 0)
		ret = walk_entry(w, &t, err);
	w->depth--;
	return ret;
}

int tree_walk(git_repository *repo, const git_oid *tree,
	      int (*cb)(const struct tree_entry *e, void *ctx, struct err *err),
	      void *ctx, struct err *err)
{
	AUTO_ODB git_odb *odb = NULL;
	struct walk w = { .from.repo = repo, .cb = cb, .ctx = ctx };
	int ret;

	if (git_repository_odb(&odb, repo) < 0)
		return err_git(err, ERR_FAILED, "cannot read objects");
	w.from.odb = odb;
	w.path = (struct strbuf)STRBUF_INIT;
	ret = walk_tree(&w, tree, err);
	strbuf_release(&w.path);
	return ret;
}
