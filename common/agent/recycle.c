#include "common/base/base.h"
#include "common/agent/recycle.h"

#include "common/agent/prune.h"
#include "common/agent/seal.h"
#include "common/sys/beneath.h"
#include "common/sys/dirstream.h"
#include "common/sys/fault.h"
#include "common/sys/rmtree.h"

struct recycle {
	struct run *run;
	struct release_index index;
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

static bool as_recorded(const struct release_index *x,
			const struct index_entry *e, int at, const char *name,
			struct stat *st)
{
	const struct stat_record r = {
		.size = e->size,
		.ino = e->ino,
		.mtime = e->mtime,
		.ctime = e->ctime,
		.mode = e->mode,
	};

	return !fstatat(at, name, st, AT_SYMLINK_NOFOLLOW) &&
	       stat_record_matches(&r, st) && release_index_settled(x, e);
}

/* Racily clean, or touched: the content decides. */
static bool same_content(int at, const char *name, const struct stat *st,
			 const struct manifest_entry *e)
{
	struct oid oid;

	if (S_ISLNK(st->st_mode))
		return !tree_hash_link(at, name, &oid) && oid_eq(&oid, &e->oid);
	AUTO_FD int fd =
		openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	return fd >= 0 && !tree_hash_file(fd, e->size, &oid) &&
	       oid_eq(&oid, &e->oid);
}

static mode_t file_type(const struct manifest_entry *e)
{
	return e->mode == MANIFEST_SYMLINK ? S_IFLNK : S_IFREG;
}

static bool keep(struct recycle *rc, const struct index_entry *old, int at,
		 const char *name)
{
	struct run *run = rc->run;
	const struct manifest_entry *e;
	size_t entry = 0;
	struct stat st;
	bool known;

	e = wanted(rc, old->path, &entry);
	if (!e || !oid_eq(&e->oid, &old->oid))
		return false;
	known = as_recorded(&rc->index, old, at, name, &st);
	if (!known && (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		       (st.st_mode & S_IFMT) != file_type(e) ||
		       !same_content(at, name, &st, e)))
		return false;
	if ((st.st_mode & S_IFMT) != file_type(e) ||
	    (!S_ISLNK(st.st_mode) &&
	     (st.st_nlink != 1 || (st.st_mode & 07777) != run_mode(run, e->mode))))
		return false;
	stat_record_set(&run->records[entry], &st);
	run->done[entry] = 1;
	run->kept++;
	return true;
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
		if (!release_index_find(&rc->index, full.buf, full.len))
			ret = rmtree(fd, e->d_name, err);
	}
	closedir(d);
	return ret;
}

static int visit_directory(struct recycle *rc, const struct index_entry *e,
			   struct err *err)
{
	const char *name;
	int at = tree_parent(&rc->tree, e->path, &name);
	struct stat st;

	if (at < 0 || fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	/* Nothing was added or removed in a directory of unchanged times. */
	if (as_recorded(&rc->index, e, at, name, &st))
		return 0;
	if (!S_ISDIR(st.st_mode))
		return rmtree(at, name, err);
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

static int sweep(struct recycle *rc, struct err *err)
{
	int ret = drop_strangers(rc, "", 0, err);

	for (size_t i = 0; !ret && i < rc->index.nr; i++) {
		const struct index_entry *e = &rc->index.entries[i];
		const char *name;
		int at;

		if (S_ISDIR(e->mode)) {
			ret = visit_directory(rc, e, err);
			continue;
		}
		at = tree_parent(&rc->tree, e->path, &name);
		if (at < 0 || keep(rc, e, at, name))
			continue;
		ret = remove_entry(e, at, name, err);
	}
	/* Deepest first: directories that nothing is in any more. */
	for (size_t i = rc->index.nr; !ret && i--;) {
		const struct index_entry *e = &rc->index.entries[i];
		const char *name;
		int at;

		if (!S_ISDIR(e->mode) ||
		    directory_wanted(rc, e->path, e->path_len))
			continue;
		at = tree_parent(&rc->tree, e->path, &name);
		if (at >= 0)
			(void)unlinkat(at, name, AT_REMOVEDIR);
	}
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
	struct recycle rc = { .run = run, .index = RELEASE_INDEX_INIT };
	AUTO_ERR struct err why = ERR_INIT;
	int ret;

	*used = false;
	if (!rel)
		return 0;
	if (seal_load(a, rel->id, &rc.index, &why) < 0 ||
	    rmtree_check_mounts(a->releases_fd, rel->id, &why) < 0)
		return 0;
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
	release_index_release(&rc.index);
	return ret;
}
