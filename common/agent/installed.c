#include "common/base/base.h"
#include "common/agent/installed.h"

#include "common/agent/recycle.h"
#include "common/agent/scan.h"
#include "common/base/mem.h"
#include "common/text/relpath.h"

static bool writable(const struct run *run, const char *path)
{
	const char *dir;
	size_t at = 0;

	while ((dir = message_next(&run->request, "writable", &at)))
		if (relpath_within(path, dir))
			return true;
	return false;
}

/* The id of a file: known, if it is as we left it; else from its content. */
static int identify(struct installed *s, const char *path, size_t len, int at,
		    const char *name, const struct stat *st, struct oid *oid)
{
	struct run *run = s->run;
	ssize_t i = manifest_find(&run->new, path, len);
	bool ours = i >= 0 && run->places[i] == PLACE_RELEASE;

	if (ours && stat_record_matches(&run->records[i], st)) {
		*oid = run->new.entries[i].oid;
		s->found++;
		return 0;
	}
	if (tree_hash(at, name, st, oid) < 0)
		return -1;
	if (!ours)
		return 0;
	s->found++;
	if (!oid_eq(oid, &run->new.entries[i].oid) && !writable(run, path)) {
		errno = ESTALE;
		return -1;
	}
	return 0;
}

static void add_entry(struct index_list *list, const char *path, size_t len,
		      const struct stat_record *r, const struct oid *oid)
{
	ALLOC_GROW(list->entries, list->nr + 1, list->alloc);
	list->entries[list->nr++] = (struct index_entry){
		.path = path,
		.path_len = (uint32_t)len,
		.mode = r->mode,
		.oid = *oid,
		.size = r->size,
		.mtime = r->mtime,
		.ctime = r->ctime,
		.ino = r->ino,
	};
}

static int scan_one(void *ctx, const char *path, size_t len, int at,
		    const char *name, const struct stat *st, struct err *err)
{
	struct installed *s = ctx;
	struct stat_record r;
	struct oid oid = { { 0 } };

	if (!S_ISREG(st->st_mode) && !S_ISLNK(st->st_mode) &&
	    !S_ISDIR(st->st_mode)) {
		if (writable(s->run, path))
			return SCAN_SKIP;
		return err_set(err, ERR_FAILED,
			       "a hook left '%s', which is no file, directory "
			       "or link",
			       path);
	}
	if (!S_ISDIR(st->st_mode) &&
	    identify(s, path, len, at, name, st, &oid) < 0) {
		if (errno != ESTALE)
			return err_sys(err, "cannot read '%s'", path);
		err_set(err, ERR_FAILED,
			"a hook changed '%s', which is part of the package",
			path);
		return err_hint(err, "declare it with release.writable if "
				     "hooks may write there");
	}
	stat_record_set(&r, st);
	add_entry(&s->seen, xstrndup(path, len), len, &r, &oid);
	return 0;
}

static int by_path(const void *va, const void *vb)
{
	const struct index_entry *a = va, *b = vb;

	return strcmp(a->path, b->path);
}

static void sort(struct index_list *list)
{
	if (list->nr)
		qsort(list->entries, list->nr, sizeof(*list->entries), by_path);
}

void installed_release(struct installed *in)
{
	for (size_t i = 0; i < in->seen.nr; i++)
		free((char *)in->seen.entries[i].path);
	free(in->seen.entries);
	free(in->known.entries);
}

static int check_complete(const struct installed *s, struct err *err)
{
	const struct run *run = s->run;
	size_t want = 0;

	for (size_t i = 0; i < run->new.nr; i++)
		want += run->places[i] == PLACE_RELEASE;
	if (s->found == want)
		return 0;
	return err_set(err, ERR_FAILED,
		       "%zu of the package's files are missing from the "
		       "release",
		       want - s->found);
}

int installed_scan(struct installed *in, struct err *err)
{
	int ret = scan_tree(in->run->tree_fd, scan_one, in, err);

	if (!ret)
		ret = check_complete(in, err);
	if (!ret)
		sort(&in->seen);
	return ret;
}

static int add_made(struct installed *in, struct tree *tree, const char *path,
		    size_t len, struct err *err)
{
	AUTO_FREE char *copy = xstrndup(path, len);
	struct oid oid = { { 0 } };
	struct stat_record r;
	const char *name;
	struct stat st;
	int at = tree_parent(tree, copy, &name);

	if (at < 0 || fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    (!S_ISDIR(st.st_mode) && tree_hash(at, name, &st, &oid) < 0))
		return err_sys(err, "cannot look at '%s'", copy);
	stat_record_set(&r, &st);
	add_entry(&in->seen, xstrndup(path, len), len, &r, &oid);
	return 0;
}

/* The directories that path lies in and the one before it did not. */
static int add_directories(struct installed *in, struct tree *tree,
			   const char *before, const char *path, struct err *err)
{
	const char *slash = path;

	while ((slash = strchr(slash, '/'))) {
		size_t len = (size_t)(slash - path);

		if (strncmp(before, path, len + 1) &&
		    !recycle_touch(in->run, path, len) &&
		    add_made(in, tree, path, len, err) < 0)
			return err->code;
		slash++;
	}
	return 0;
}

/* A directory of what we made may be one of the package, too. */
static void drop_doubles(struct index_list *list)
{
	struct index_entry *e = list->entries;
	size_t kept = 0;

	for (size_t i = 0; i < list->nr; i++) {
		if (kept && !strcmp(e[kept - 1].path, e[i].path))
			free((char *)e[i].path);
		else
			e[kept++] = e[i];
	}
	list->nr = kept;
}

static int add_touched(struct installed *in, struct tree *tree, struct err *err)
{
	const struct release_index *x = &in->run->old_index;

	for (size_t i = 0; i < x->nr; i++)
		if (in->run->lines[i] == LINE_TOUCHED &&
		    add_made(in, tree, x->entries[i].path,
			     x->entries[i].path_len, err) < 0)
			return err->code;
	return 0;
}

static int recall(struct installed *in, struct tree *tree, struct err *err)
{
	const struct run *run = in->run;
	const char *before = "";

	for (size_t i = 0; i < run->new.nr; i++) {
		const struct manifest_entry *e = &run->new.entries[i];

		if (run->places[i] != PLACE_RELEASE)
			continue;
		if (run->done[i] == DONE_LISTED)
			continue;
		if (run->done[i] == DONE_NOT)
			return err_set(err, ERR_FAILED,
				       "'%s' is missing from the release",
				       e->path);
		if (add_directories(in, tree, before, e->path, err) < 0)
			return err->code;
		add_entry(&in->known, e->path, e->path_len, &run->records[i],
			  &e->oid);
		before = e->path;
	}
	for (size_t i = 0; i < run->made.nr; i++) {
		const char *path = run->made.v[i];

		if (add_directories(in, tree, "", path, err) < 0 ||
		    add_made(in, tree, path, strlen(path), err) < 0)
			return err->code;
	}
	return add_touched(in, tree, err);
}

int installed_recall(struct installed *in, struct err *err)
{
	struct tree tree;
	int ret;

	in->held = &in->run->old_index;
	tree_init(&tree, in->run->tree_fd);
	ret = recall(in, &tree, err);
	tree_release(&tree);
	if (ret < 0)
		return ret;
	sort(&in->seen);
	drop_doubles(&in->seen);
	return 0;
}
