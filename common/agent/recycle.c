#include "common/base/base.h"
#include "common/agent/recycle.h"

#include "common/agent/prune.h"
#include "common/agent/seal.h"
#include "common/agent/server_edits.h"
#include "common/base/mem.h"
#include "common/sys/beneath.h"
#include "common/sys/dirstream.h"
#include "common/sys/fault.h"
#include "common/sys/rmtree.h"

struct recycle {
	struct run *run;
	const struct release_index *index; /* the run's old_index */
	struct tree tree;
	size_t next; /* in the new manifest, see wanted() */
};

/*
 * What the manifest wants at a path that the old directory has, or NULL. The
 * paths asked for only go up, as both lists do.
 */
static const struct manifest_entry *wanted(struct recycle *rc, const char *path,
					   size_t *entry)
{
	const struct manifest *m = &rc->run->new;
	int cmp = -1;

	while (rc->next < m->nr &&
	       (cmp = strcmp(m->entries[rc->next].path, path)) < 0)
		rc->next++;
	if (cmp || rc->run->places[rc->next] != PLACE_RELEASE)
		return NULL;
	*entry = rc->next;
	return &m->entries[rc->next];
}

/* Does the manifest have anything in this directory? */
static bool directory_wanted(const struct recycle *rc, const char *path,
			     size_t len)
{
	const struct manifest *m = &rc->run->new;
	size_t low = 0, high = m->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const char *other = m->entries[mid].path;
		int cmp = strncmp(other, path, len);

		if (cmp < 0 || (!cmp && (unsigned char)other[len] < '/'))
			low = mid + 1;
		else
			high = mid;
	}
	return low < m->nr && !strncmp(m->entries[low].path, path, len) &&
	       m->entries[low].path[len] == '/';
}

/* Racily clean, or touched: the content decides. */
static bool same_content(int at, const char *name, const struct stat *st,
			 const struct manifest_entry *e)
{
	struct oid oid;

	if (S_ISLNK(st->st_mode))
		return !tree_hash_link(at, name, &oid) && oid_eq(&oid, &e->oid);
	AUTO_FD int fd = tree_open_file(at, name, st);

	return fd >= 0 && !tree_hash_file(fd, e->size, NULL, &oid) &&
	       oid_eq(&oid, &e->oid);
}

static mode_t file_type(const struct manifest_entry *e)
{
	return e->mode == MANIFEST_SYMLINK ? S_IFLNK : S_IFREG;
}

static bool keep(struct recycle *rc, size_t line, int at, const char *name)
{
	const struct index_entry *old = &rc->index->entries[line];
	struct run *run = rc->run;
	const struct manifest_entry *e;
	size_t entry = 0;
	struct stat st;
	bool listed;

	e = wanted(rc, old->path, &entry);
	if (!e || !oid_eq(&e->oid, &old->oid) ||
	    fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    (st.st_mode & S_IFMT) != file_type(e))
		return false;
	if (!S_ISLNK(st.st_mode) &&
	    (st.st_nlink != 1 || (st.st_mode & 07777) != run_mode(run, e->mode)))
		return false;
	listed = stat_is_indexed(&st, rc->index, old);
	if (!listed && !same_content(at, name, &st, e))
		return false;
	stat_record_set(&run->records[entry], &st);
	run->done[entry] = listed ? DONE_LISTED : DONE_MADE;
	run->lines[line] = listed ? LINE_HOLDS : LINE_GONE;
	run->kept++;
	return true;
}

bool recycle_touch(struct run *run, const char *dir, size_t len)
{
	const struct index_entry *e =
		release_index_find(&run->old_index, dir, len);
	unsigned char *line = e ? &run->lines[e - run->old_index.entries] : NULL;

	if (!line || !S_ISDIR(e->mode) || *line == LINE_GONE)
		return false;
	*line = LINE_TOUCHED;
	return true;
}

/* Something was removed: the times of its directory have changed. */
static void touch_parent(struct recycle *rc, const struct index_entry *e)
{
	const char *slash = memrchr(e->path, '/', e->path_len);

	if (slash)
		(void)recycle_touch(rc->run, e->path, (size_t)(slash - e->path));
}

/* Removes what is in one directory but not in the index. */
static int drop_strangers(struct recycle *rc, const char *path, size_t len,
			  struct err *err)
{
	int fd = *path ? beneath_open(rc->run->tree_fd, path,
				      O_RDONLY | O_DIRECTORY, 0)
		       : openat(rc->run->tree_fd, ".",
				O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = dirstream_take(fd);
	struct dirent *e;
	int ret = 0;

	if (!d)
		return err_sys(err, "cannot read '%s'", path);
	while (!ret && (e = dirstream_next(d))) {
		AUTO_STRBUF struct strbuf full = STRBUF_INIT;

		strbuf_add(&full, path, len);
		strbuf_addf(&full, "%s%s", len ? "/" : "", e->d_name);
		if (!release_index_find(rc->index, full.buf, full.len))
			ret = rmtree(fd, e->d_name, err);
	}
	closedir(d);
	return ret;
}

/* It should be a directory: what else has that name is in the way. */
static int clear_name(struct recycle *rc, const struct index_entry *e,
		      struct err *err)
{
	const char *name;
	int at = tree_parent(&rc->tree, e->path, &name);
	struct stat st;

	if (at < 0 || fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	touch_parent(rc, e);
	return rmtree(at, name, err);
}

static int visit_directory(struct recycle *rc, size_t line, struct err *err)
{
	const struct index_entry *e = &rc->index->entries[line];
	/* Open for what comes next: mostly what is in it. */
	int fd = tree_directory(&rc->tree, e->path, e->path_len);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return clear_name(rc, e, err);
	/* Nothing was added or removed in a directory of unchanged times. */
	if (stat_is_indexed(&st, rc->index, e)) {
		rc->run->lines[line] = LINE_HOLDS;
		return 0;
	}
	rc->run->lines[line] = LINE_TOUCHED;
	return drop_strangers(rc, e->path, e->path_len, err);
}

static int remove_entry(const struct index_entry *e, int at, const char *name,
			struct err *err)
{
	if (!fault("recycle remove")) {
		if (!unlinkat(at, name, 0) || errno == ENOENT)
			return 0;
		/* A directory has taken its place. */
		if (errno == EISDIR)
			return rmtree(at, name, err);
	}
	return err_sys(err, "cannot remove '%s'", e->path);
}

static int visit_file(struct recycle *rc, size_t line, struct err *err)
{
	const struct index_entry *e = &rc->index->entries[line];
	const char *name;
	int at = tree_parent(&rc->tree, e->path, &name);

	if (at < 0 || keep(rc, line, at, name))
		return 0;
	touch_parent(rc, e);
	return remove_entry(e, at, name, err);
}

/* Deepest first: the next line is in it, mostly. */
static bool directory_needed(const struct recycle *rc, size_t line)
{
	const struct index_entry *e = &rc->index->entries[line];

	if (line + 1 < rc->index->nr && rc->run->lines[line + 1] != LINE_GONE &&
	    !strncmp(e[1].path, e->path, e->path_len) &&
	    e[1].path[e->path_len] == '/')
		return true;
	return directory_wanted(rc, e->path, e->path_len);
}

/* A directory that nothing is in any more. */
static void drop_directory(struct recycle *rc, size_t line)
{
	const struct index_entry *e = &rc->index->entries[line];
	const char *name;
	int at;

	if (directory_needed(rc, line))
		return;
	at = tree_parent(&rc->tree, e->path, &name);
	if (at < 0 || unlinkat(at, name, AT_REMOVEDIR) < 0)
		return;
	rc->run->lines[line] = LINE_GONE;
	touch_parent(rc, e);
}

static int sweep(struct recycle *rc, struct err *err)
{
	const struct release_index *x = rc->index;
	int ret = drop_strangers(rc, "", 0, err);

	for (size_t i = 0; !ret && i < x->nr; i++)
		ret = S_ISDIR(x->entries[i].mode) ? visit_directory(rc, i, err)
						  : visit_file(rc, i, err);
	for (size_t i = x->nr; !ret && i--;)
		if (S_ISDIR(x->entries[i].mode))
			drop_directory(rc, i);
	return ret;
}

static int take_over(struct agent *a, struct run *run, const char *id,
		     struct err *err)
{
	const struct ledger_line gone = {
		.event = LEDGER_PRUNING,
		.release = id,
		.who = a->who,
		.note = "recycled",
	};
	struct ledger_line after = gone;
	int ret = rmtree_check_mounts(a->releases_fd, id, err);

	if (ret < 0)
		return ret;
	ret = journal_append(&a->journal, a->dot_fd, &gone, err);
	if (ret < 0)
		return ret;
	if (fault("recycle rename") ||
	    renameat(a->releases_fd, id, run->tmp_fd, "tree") < 0)
		return err_sys(err, "cannot take over release '%s'", id);
	release_forget(a, id);
	after.event = LEDGER_PRUNED;
	return journal_append(&a->journal, a->dot_fd, &after, err);
}

int recycle_try(struct agent *a, struct run *run, bool *used, struct err *err)
{
	const struct release *rel = prune_recyclable(
		a, &run->releases, run->keep, run->recycle_after);
	struct recycle rc = { .run = run, .index = &run->old_index };
	AUTO_ERR struct err why = ERR_INIT;
	int ret;

	*used = false;
	if (!rel)
		return 0;
	if (seal_load(a, rel->id, &run->old_index, &why) < 0 ||
	    rmtree_check_mounts(a->releases_fd, rel->id, &why) < 0) {
		release_index_release(&run->old_index);
		return 0;
	}
	/* A release that is refused takes none away. */
	if (server_edits_settle(run, err) < 0)
		return err->code;
	run->lines = xcalloc(rc.index->nr, 1);
	snprintf(run->recycled, sizeof(run->recycled), "%.128s", rel->id);
	ret = take_over(a, run, run->recycled, err);
	if (!ret) {
		run->tree_fd =
			openat(run->tmp_fd, "tree",
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (run->tree_fd < 0)
			ret = err_sys(err, "cannot open '%s'", run->recycled);
	}
	if (!ret) {
		tree_init(&rc.tree, run->tree_fd);
		ret = sweep(&rc, err);
		tree_release(&rc.tree);
		*used = true;
	}
	return ret;
}
