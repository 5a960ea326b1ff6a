#include "common/base/base.h"
#include "git-serversync/commit_rules.h"

#include "common/base/mem.h"
#include "common/git/revision.h"
#include "common/git/tree_bytes.h"
#include "common/git/tree_walk.h"
#include "common/text/quote.h"

void commit_rules_release(struct commit_rules *r)
{
	ignore_rules_release(&r->ignored);
	attribute_rules_release(&r->attributes);
}

struct loading {
	git_repository *repo;
	git_odb *odb;
	struct commit_rules *rules;
	size_t bytes, files;
};

static int too_much(const char *what, const char *path, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_path(&shown, path, strlen(path), false);
	return err_set(err, ERR_FAILED, "%s at '%s'", what, shown.buf);
}

/* Told by its header: nothing large is read. */
static int check_size(struct loading *l, const struct tree_entry *e,
		      struct err *err)
{
	git_object_t type;
	size_t size;

	if (git_odb_read_header(&size, &type, l->odb, e->id) < 0)
		return object_missing(l->repo, e->id, err);
	if (size > COMMIT_RULES_FILE_MAX)
		return too_much("a file of patterns is too large", e->path, err);
	l->bytes += size;
	l->files++;
	if (l->bytes > COMMIT_RULES_MAX || l->files > COMMIT_RULES_FILES)
		return too_much("the commit has too many patterns", e->path, err);
	return 0;
}

static int read_file(const struct tree_entry *e, void *ctx, struct err *err)
{
	struct loading *l = ctx;
	bool attributes = !strcmp(e->name, ".gitattributes");
	size_t dir_len = (size_t)(e->name - e->path);
	AUTO_BLOB git_blob *blob = NULL;
	AUTO_FREE char *dir = NULL;
	const char *text;
	size_t len;

	if (!attributes && strcmp(e->name, ".gitignore") != 0)
		return 0;
	if (e->mode != GIT_FILEMODE_BLOB &&
	    e->mode != GIT_FILEMODE_BLOB_EXECUTABLE)
		return 0;
	if (check_size(l, e, err) < 0)
		return err->code;
	if (git_blob_lookup(&blob, l->repo, e->id) < 0)
		return err_git(err, ERR_FAILED,
			       "cannot read '%s' of the commit", e->name);
	text = git_blob_rawcontent(blob);
	len = (size_t)git_blob_rawsize(blob);
	dir = xstrndup(e->path, dir_len ? dir_len - 1 : 0);
	if (attributes)
		attribute_rules_add(&l->rules->attributes, dir, text, len);
	else
		ignore_rules_add(&l->rules->ignored, dir, text, len);
	if (l->rules->attributes.too_many)
		return too_much("the commit has too many attributes", e->path,
				err);
	return 0;
}

int commit_rules_load(git_repository *repo, const git_oid *commit,
		      struct commit_rules *out, struct err *err)
{
	AUTO_COMMIT_RULES struct commit_rules rules = COMMIT_RULES_INIT;
	AUTO_ODB git_odb *odb = NULL;
	struct loading l = { .repo = repo, .rules = &rules };
	git_oid tree;

	if (git_repository_odb(&odb, repo) < 0)
		return err_git(err, ERR_FAILED, "cannot read the repository");
	l.odb = odb;
	if (commit_tree(repo, commit, &tree, err) < 0 ||
	    tree_walk(repo, &tree, read_file, &l, err) < 0)
		return err->code;
	*out = rules;
	rules = (struct commit_rules)COMMIT_RULES_INIT;
	return 0;
}

bool commit_rules_unexported(const struct commit_rules *r, const char *path)
{
	struct path_part part = { .path = path };

	for (;;) {
		const char *slash = strchr(path + part.name, '/');

		part.len = slash ? (size_t)(slash - path) : strlen(path);
		part.is_dir = slash != NULL;
		if (attribute_rules_set(&r->attributes, "export-ignore", &part))
			return true;
		if (!slash)
			return false;
		part.name = part.len + 1;
	}
}
