#include "common/base/base.h"
#include "common/git/tree_walk.h"
#include "common/text/quote.h"

#include <strings.h>

#define DEPTH_MAX      2048
#define PATH_MAX_BYTES 4095

struct walk {
	git_odb *odb;
	git_repository *repo;
	int (*cb)(const struct tree_entry *e, void *ctx, struct err *err);
	void *ctx;
	struct strbuf path;
	int depth;
};

static bool ends_in(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && !strcmp(s + n - m, end);
}

static int note_promisor(const git_config_entry *entry, void *ctx)
{
	bool *partial = ctx;

	*partial |= !strcmp(entry->name, "extensions.partialclone") ||
		    (!strncmp(entry->name, "remote.", 7) &&
		     ends_in(entry->name, ".promisor"));
	return 0;
}

/* git_config_foreach_match() leaks in libgit2 1.5 built with PCRE2. */
static bool is_partial(git_repository *repo)
{
	git_config *config = NULL;
	bool partial = false;

	if (!git_repository_config_snapshot(&config, repo))
		(void)git_config_foreach(config, note_promisor, &partial);
	git_config_free(config);
	return partial;
}

int object_missing(git_repository *repo, const git_oid *id, struct err *err)
{
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof(hex), id);
	if (is_partial(repo)) {
		err_set(err, ERR_NOTFOUND,
			"object %s was left out of this partial clone", hex);
		return err_hint(err, "git fetch --refetch --no-filter");
	}
	err_set(err, ERR_NOTFOUND, "object %s is missing", hex);
	return err_hint(err, "git fsck");
}

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

/* As git reads them: old tools wrote 100664 and the like. */
static uint32_t canonical(uint32_t mode)
{
	if (S_ISREG(mode))
		return mode & 0100 ? GIT_FILEMODE_BLOB_EXECUTABLE
				   : GIT_FILEMODE_BLOB;
	if (S_ISLNK(mode))
		return GIT_FILEMODE_LINK;
	return S_ISDIR(mode) ? GIT_FILEMODE_TREE : GIT_FILEMODE_COMMIT;
}

static int walk_entry(struct walk *w, uint32_t mode, const char *name,
		      size_t name_len, const git_oid *id, struct err *err)
{
	struct tree_entry e = { .mode = mode, .id = id };
	size_t len = w->path.len;
	int ret;

	strbuf_add(&w->path, name, name_len);
	if (!name_ok(name, name_len) || w->path.len > PATH_MAX_BYTES)
		return bad_name(w, err);
	if (mode == GIT_FILEMODE_TREE) {
		strbuf_addch(&w->path, '/');
		ret = walk_tree(w, id, err);
	} else {
		e.path = w->path.buf;
		e.path_len = w->path.len;
		e.name = w->path.buf + len;
		ret = w->cb(&e, w->ctx, err);
	}
	strbuf_setlen(&w->path, len);
	return ret;
}

static int corrupt(struct err *err, const git_oid *id)
{
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof(hex), id);
	return err_set(err, ERR_FAILED, "tree %s is corrupt", hex);
}

/*
 * The raw bytes, not git_tree: an entry is "<mode> <name>", a NUL and 20
 * bytes of id, and making an object of each costs more than reading it.
 */
static int walk_bytes(struct walk *w, const git_oid *id, const char *p,
		      const char *end, struct err *err)
{
	int ret;

	while (p < end) {
		const char *nul = memchr(p, '\0', (size_t)(end - p));
		uint32_t mode = 0;
		git_oid entry;

		if (!nul || end - nul <= GIT_OID_RAWSZ)
			return corrupt(err, id);
		for (; *p >= '0' && *p <= '7' && mode < 0777777; p++)
			mode = mode << 3 | (uint32_t)(*p - '0');
		if (*p != ' ')
			return corrupt(err, id);
		git_oid_fromraw(&entry, (const unsigned char *)nul + 1);
		ret = walk_entry(w, canonical(mode), p + 1,
				 (size_t)(nul - p - 1), &entry, err);
		if (ret < 0)
			return ret;
		p = nul + 1 + GIT_OID_RAWSZ;
	}
	return 0;
}

static int walk_tree(struct walk *w, const git_oid *id, struct err *err)
{
	git_odb_object *object;
	int ret;

	if (w->depth >= DEPTH_MAX)
		return err_set(err, ERR_REFUSED, "folders are too deep");
	ret = git_odb_read(&object, w->odb, id);
	if (ret == GIT_ENOTFOUND)
		return object_missing(w->repo, id, err);
	if (ret < 0)
		return err_git(err, ERR_FAILED, "cannot read a tree");
	w->depth++;
	if (git_odb_object_type(object) != GIT_OBJECT_TREE) {
		ret = corrupt(err, id);
	} else {
		const char *data = git_odb_object_data(object);

		ret = walk_bytes(w, id, data,
				 data + git_odb_object_size(object), err);
	}
	w->depth--;
	git_odb_object_free(object);
	return ret;
}

int tree_walk(git_repository *repo, const git_oid *tree,
	      int (*cb)(const struct tree_entry *e, void *ctx, struct err *err),
	      void *ctx, struct err *err)
{
	AUTO_ODB git_odb *odb = NULL;
	struct walk w = { .repo = repo, .cb = cb, .ctx = ctx };
	int ret;

	if (git_repository_odb(&odb, repo) < 0)
		return err_git(err, ERR_FAILED, "cannot read objects");
	w.odb = odb;
	w.path = (struct strbuf)STRBUF_INIT;
	ret = walk_tree(&w, tree, err);
	strbuf_release(&w.path);
	return ret;
}
