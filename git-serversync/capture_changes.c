#include "common/base/base.h"
#include "git-serversync/capture_changes.h"

#include "common/base/mem.h"
#include "git-serversync/capture_converted.h"
#include "git-serversync/capture_trees.h"
#include "git-serversync/commit_rules.h"
#include "git-serversync/gits_path.h"

struct finder {
	const struct capture_sources *from;
	const struct scan_report *report;
	struct capture *out;
	struct capture_trees trees;
	struct commit_rules rules;
	bool have_rules;
	struct strvec apart; /* shared links, and what is unknown */
	git_odb *odb;
	size_t gone, there; /* of what must be there */
};

/* One path, on the server and in git; mode 0 is nothing. */
struct facts {
	const char *path, *git_path;
	const struct index_entry *server; /* NULL: it is gone */
	struct tree_file commit, package;
};

static void finder_release(struct finder *f)
{
	capture_trees_release(&f->trees);
	commit_rules_release(&f->rules);
	strvec_release(&f->apart);
	git_odb_free(f->odb);
}

/* As git has it; 0 for what git has not. */
static uint32_t git_mode(uint32_t st_mode)
{
	if (S_ISLNK(st_mode))
		return GIT_FILEMODE_LINK;
	if (!S_ISREG(st_mode))
		return 0;
	return st_mode & 0100 ? GIT_FILEMODE_BLOB_EXECUTABLE : GIT_FILEMODE_BLOB;
}

static bool is_file(const struct tree_file *t)
{
	return t->mode && t->mode != GIT_FILEMODE_COMMIT;
}

static void set_old(struct finder *f, struct capture_file *file,
		    const struct tree_file *old)
{
	git_object_t type;
	size_t size = 0;

	memcpy(file->old.b, old->id.id, sizeof(file->old.b));
	file->old_mode = old->mode;
	file->has_old = !git_odb_read_header(&size, &type, f->odb, &old->id) &&
			type == GIT_OBJECT_BLOB;
	file->old_size = file->has_old ? size : 0;
}

static struct capture_file *add(struct finder *f, const struct facts *x,
				char status)
{
	struct capture_file *file = capture_add(f->out, x->path, x->git_path);

	file->status = status;
	file->in_commit = is_file(&x->commit);
	file->in_package = is_file(&x->package);
	if (file->in_commit)
		set_old(f, file, &x->commit);
	else if (file->in_package)
		set_old(f, file, &x->package);
	return file;
}

/* Of the whole commit, when the first file needs them. */
static int need_rules(struct finder *f, struct err *err)
{
	if (f->have_rules)
		return 0;
	f->have_rules = true;
	return commit_rules_load(f->from->repo, &f->from->base, &f->rules, err);
}

/* Must it be there? In a release that we made, what was shipped must be. */
static int is_expected(struct finder *f, const struct facts *x, bool *answer,
		       struct err *err)
{
	if (f->report->kind == SCAN_SEALED && f->from->has_package) {
		*answer = is_file(&x->package);
		return 0;
	}
	if (need_rules(f, err) < 0)
		return err->code;
	*answer = !commit_rules_unexported(&f->rules, x->git_path);
	return 0;
}

static int gone(struct finder *f, const struct facts *x, struct err *err)
{
	bool expected = false;

	if (!is_file(&x->commit) && !is_file(&x->package))
		return 0;
	if (is_expected(f, x, &expected, err) < 0)
		return err->code;
	if (!expected)
		return 0;
	f->gone++;
	/* A build product is no file of git, and git's own are not ours. */
	if (is_file(&x->commit) && !path_is_gits(x->git_path))
		add(f, x, 'D');
	return 0;
}

static bool is_same(const struct tree_file *t, uint32_t mode,
		    const struct index_entry *e)
{
	return is_file(t) && t->mode == mode &&
	       !memcmp(t->id.id, e->oid.b, sizeof(e->oid.b));
}

/* "vendor/", once for all that is in it: paths come sorted. */
static void add_ignored(struct capture *out, const char *path, size_t len)
{
	AUTO_STRBUF struct strbuf name = STRBUF_INIT;
	struct capture_ignored *one;

	strbuf_add(&name, path, len);
	if (path[len])
		strbuf_addch(&name, '/');
	if (out->nr_ignored) {
		one = &out->ignored[out->nr_ignored - 1];
		if (!strcmp(one->path, name.buf)) {
			one->files++;
			return;
		}
	}
	ALLOC_GROW(out->ignored, out->nr_ignored + 1, out->alloc_ignored);
	one = &out->ignored[out->nr_ignored++];
	one->path = strbuf_detach(&name);
	one->files = 1;
}

static int is_ignored(struct finder *f, const struct facts *x, bool *answer,
		      struct err *err)
{
	size_t top;

	*answer = false;
	if (is_file(&x->commit) || is_file(&x->package))
		return 0;
	if (need_rules(f, err) < 0)
		return err->code;
	top = ignore_rules_top(&f->rules.ignored, x->git_path, false);
	*answer = top > 0;
	if (top)
		add_ignored(f->out, x->git_path, top);
	return 0;
}

/*
 * What other tools put on a server was converted on its way out of git; what we
 * did is compared with the package, which was, too.
 */
static int check_conversion(struct finder *f, const struct facts *x, bool *same,
			    bool *filled_in, struct err *err)
{
	const struct conversion c = { .repo = f->from->repo,
				      .commit = f->from->base };
	struct oid oid;

	*same = *filled_in = false;
	if (f->report->kind == SCAN_SEALED || !is_file(&x->commit) ||
	    !S_ISREG(x->server->mode))
		return 0;
	if (conversion_id(&c, &x->commit.id, x->git_path, &oid, err) < 0)
		return err->code;
	*same = x->commit.mode == git_mode(x->server->mode) &&
		oid_eq(&oid, &x->server->oid);
	return conversion_fills_in(&c, x->git_path, filled_in, err);
}

static int there(struct finder *f, const struct facts *x, struct err *err)
{
	const struct index_entry *e = x->server;
	uint32_t mode = git_mode(e->mode);
	struct capture_file *file;
	bool ignored = false, same = false, filled_in = false;

	f->there += is_file(&x->commit) || is_file(&x->package);
	if (is_same(&x->commit, mode, e) || is_same(&x->package, mode, e))
		return 0;
	if (is_ignored(f, x, &ignored, err) < 0 ||
	    check_conversion(f, x, &same, &filled_in, err) < 0)
		return err->code;
	if (ignored || same)
		return 0;
	file = add(f, x, is_file(&x->commit) ? 'M' : 'A');
	file->mode = mode;
	file->st_mode = e->mode & (uint32_t)(S_IFMT | 07777);
	file->size = e->size;
	file->mtime = e->mtime;
	file->ctime = e->ctime;
	file->oid = e->oid;
	file->filled_in = filled_in;
	file->other_owner = e->mode & SCAN_OTHER_OWNER;
	return 0;
}

static int by_text(const void *x, const void *y)
{
	char *const *a = x, *const *b = y;

	return strcmp(*a, *b);
}

/* A server can make many of them: each part of the path is looked for. */
static bool is_apart(const struct finder *f, const char *path)
{
	AUTO_STRBUF struct strbuf part = STRBUF_INIT;

	for (const char *p = path; f->apart.nr && *p;) {
		p += strcspn(p + 1, "/") + 1;
		strbuf_reset(&part);
		strbuf_add(&part, path, (size_t)(p - path));
		if (bsearch(&part.buf, f->apart.v, f->apart.nr,
			    sizeof(*f->apart.v), by_text))
			return true;
	}
	return false;
}

static int consider(struct finder *f, struct facts *x, struct err *err)
{
	AUTO_STRBUF struct strbuf git_path = STRBUF_INIT;

	capture_git_path(&git_path, f->from->subdirectory, x->path);
	x->git_path = git_path.buf;
	/* A submodule is another repository, and what is in it not ours. */
	if (is_apart(f, x->path) ||
	    (x->commit.mode == GIT_FILEMODE_COMMIT && !x->server) ||
	    capture_scope_leaves_out(f->from->scope, x->path, git_path.buf))
		return 0;
	return x->server ? there(f, x, err) : gone(f, x, err);
}

/* The report has what differs: git is asked for these paths. */
static int compare_some(struct finder *f, struct err *err)
{
	const struct release_index *entries = &f->report->entries;

	for (size_t i = 0; i < entries->nr; i++) {
		const struct index_entry *e = &entries->entries[i];
		struct facts x = { .path = e->path, .server = e };

		if (S_ISDIR(e->mode))
			continue;
		if (!(e->mode & S_IFMT))
			x.server = NULL;
		if (capture_trees_commit(&f->trees, e->path, &x.commit, err) < 0 ||
		    capture_trees_package(&f->trees, e->path, &x.package, err) <
			    0 ||
		    consider(f, &x, err) < 0)
			return err->code;
	}
	return 0;
}

/* One of the two, or both when they are of one path. */
static int compare_one(struct finder *f, const struct index_entry *e,
		       const struct tree_files_entry *t, struct err *err)
{
	struct facts x = { 0 };

	if (e) {
		x.path = e->path;
		x.server = S_ISDIR(e->mode) ? NULL : e;
	}
	if (t) {
		x.path = t->path;
		x.commit = t->file;
	}
	return x.server || t ? consider(f, &x, err) : 0;
}

/* The report has all there is: side by side with the tree. */
static int compare_all(struct finder *f, struct err *err)
{
	const struct release_index *entries = &f->report->entries;
	const struct tree_files *files = &f->trees.files;
	size_t i = 0, j = 0;

	while (i < entries->nr || j < files->nr) {
		const struct index_entry *e = NULL;
		const struct tree_files_entry *t = NULL;

		if (i < entries->nr)
			e = &entries->entries[i];
		if (j < files->nr)
			t = &files->v[j];
		if (e && t) {
			int cmp = strcmp(e->path, t->path);

			e = cmp <= 0 ? e : NULL;
			t = cmp >= 0 ? t : NULL;
		}
		i += e != NULL;
		j += t != NULL;
		if (compare_one(f, e, t, err) < 0)
			return err->code;
	}
	return 0;
}

static int check_release_is_there(struct finder *f, struct err *err)
{
	bool empty = f->gone && !f->there;

	if (empty && f->report->kind == SCAN_SEALED) {
		size_t shipped = 0;

		if (!f->from->has_package)
			empty = !f->report->looked;
		else if (capture_trees_count(&f->trees, f->from, f->gone,
					     &shipped, err) < 0)
			return err->code;
		else
			empty = shipped <= f->gone;
	}
	if (!empty)
		return 0;
	return err_set(err, ERR_REFUSED,
		       "STOP: none of the files that were released is on the "
		       "server any more");
}

static void set_apart(struct finder *f)
{
	const struct release_index *entries = &f->report->entries;
	const struct strvec *unknown = &f->report->unknown;

	for (size_t i = 0; i < entries->nr; i++)
		if (entries->entries[i].mode & SCAN_SHARED_LINK)
			strvec_push(&f->apart, entries->entries[i].path);
	for (size_t i = 0; i < unknown->nr; i++) {
		strvec_push(&f->apart, unknown->v[i]);
		strvec_push(&f->out->unknown, unknown->v[i]);
	}
	if (f->apart.nr)
		qsort(f->apart.v, f->apart.nr, sizeof(*f->apart.v), by_text);
}

int capture_changes_find(const struct capture_sources *from,
			 const struct scan_report *report, struct capture *out,
			 struct err *err)
{
	CLEANUP(finder_release)
	struct finder f = { .from = from, .report = report, .out = out };
	bool all = report->kind != SCAN_SEALED;

	f.rules = (struct commit_rules)COMMIT_RULES_INIT;
	if (git_repository_odb(&f.odb, from->repo) < 0)
		return err_git(err, ERR_FAILED,
			       "cannot open the object database");
	if (capture_trees_open(&f.trees, from, all, err) < 0)
		return err->code;
	set_apart(&f);
	if ((all ? compare_all(&f, err) : compare_some(&f, err)) < 0)
		return err->code;
	return check_release_is_there(&f, err);
}
