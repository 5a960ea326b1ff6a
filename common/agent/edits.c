#include "common/base/base.h"
#include "common/agent/edits.h"

#include "common/agent/tree.h"
#include "common/base/mem.h"
#include "common/sys/dirstream.h"
#include "common/text/relpath.h"

#define DEPTH_MAX 256
/* What an index can hold. */
#define PATH_LEN_MAX 4095

/* What is known of the directories of the index, by its lines. */
enum dir_state {
	DIR_THERE,
	DIR_GONE, /* and so is all that was in it */
	DIR_LEFT  /* left out, or unknown, with all that is in it */
};

struct search {
	struct edit_scan *s;
	edit_fn *fn;
	void *ctx;
	dev_t dev;
	struct tree tree;
	unsigned char *dirs;		  /* enum dir_state of each line */
	const struct index_entry *parent; /* asked for last */
	struct strbuf path;		  /* of what is not in the index */
	int depth;
	struct err *err;
	int stopped; /* what pause said in the middle of a file */
};

static int tell(struct search *w, struct edit *e, struct err *err)
{
	return w->fn(w->ctx, e, err);
}

static int unknown(struct search *w, const char *path, size_t len, struct err *err)
{
	struct edit e = { .path = path, .len = len, .status = '?', .why = errno };

	if (w->stopped)
		return w->stopped;
	if (!len)
		return err_sys(err, "cannot read the release");
	return tell(w, &e, err);
}

static int ask_pause(void *ctx)
{
	struct search *w = ctx;

	w->stopped = w->s->pause ? w->s->pause(w->ctx, w->err) : 0;
	return w->stopped;
}

static bool left_out(const struct search *w, const char *path)
{
	const struct strvec *skip = w->s->skip;

	for (size_t i = 0; skip && i < skip->nr; i++)
		if (relpath_within(path, skip->v[i]))
			return true;
	return false;
}

static bool ignored(const struct search *w, const struct edit *e)
{
	return w->s->ignore &&
	       w->s->ignore(w->ctx, e->path, S_ISDIR(e->st.st_mode));
}

static bool by_stat(const struct search *w, const struct release_index *x,
		    const struct index_entry *e, const struct stat *st)
{
	return !w->s->every_byte && stat_is_indexed(st, x, e);
}

/* The id of what is there: zero for what is neither file nor link. */
static int identify(struct search *w, struct edit *e)
{
	const struct tree_pause pause = { .ask = ask_pause, .ctx = w };
	const struct release_index *kept = w->s->kept;
	const struct index_entry *k;

	if (!S_ISREG(e->st.st_mode) && !S_ISLNK(e->st.st_mode))
		return 0;
	k = kept ? release_index_find(kept, e->path, e->len) : NULL;
	if (k && by_stat(w, kept, k, &e->st)) {
		e->oid = k->oid;
		return 0;
	}
	if (S_ISLNK(e->st.st_mode))
		return tree_hash_link(e->at, e->name, &e->oid);
	w->s->read++;
	AUTO_FD int fd = tree_open_file(e->at, e->name, &e->st);

	return fd < 0 ? -1
		      : tree_hash_file(fd, (uint64_t)e->st.st_size, &pause,
				       &e->oid);
}

/* ENOTDIR and ELOOP: something else has the place of a directory. */
static bool means_gone(int error)
{
	return error == ENOENT || error == ENOTDIR || error == ELOOP;
}

static int list_new(struct search *w, int fd, struct err *err);

/* One name that the index does not have; its path is w->path. */
static int visit_new(struct search *w, int at, const char *name, struct err *err)
{
	struct edit e = { .path = w->path.buf, .len = w->path.len, .status = 'A' };

	e.at = at;
	e.name = name;
	if (tree_look(at, name, w->dev, &e.st) < 0)
		return errno == ENOENT ? 0 : unknown(w, e.path, e.len, err);
	if (ignored(w, &e))
		return 0;
	if (S_ISDIR(e.st.st_mode))
		return list_new(w,
				openat(at, name,
				       O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
					       O_CLOEXEC),
				err);
	w->s->looked++;
	if (identify(w, &e) < 0)
		return errno == ENOENT ? 0 : unknown(w, e.path, e.len, err);
	return tell(w, &e, err);
}

static int name_new(struct search *w, int at, const char *name, struct err *err)
{
	const struct release_index *x = w->s->sealed;
	size_t len = w->path.len;
	int ret = 0;

	strbuf_addf(&w->path, "%s%s", len ? "/" : "", name);
	if (!(x && release_index_find(x, w->path.buf, w->path.len)) &&
	    !left_out(w, w->path.buf))
		ret = visit_new(w, at, name, err);
	strbuf_setlen(&w->path, len);
	return ret;
}

/*
 * All names of an open directory. A path that no index can hold makes the
 * directory unknown: one that nobody can name must not go unsaid.
 */
static int list_names(struct search *w, DIR *d, struct err *err)
{
	bool too_long = false;
	struct dirent *e;
	int ret = 0;

	errno = 0;
	while (!ret && (e = dirstream_next(d))) {
		if (w->path.len + 1 + strlen(e->d_name) > PATH_LEN_MAX)
			too_long = true;
		else
			ret = name_new(w, dirfd(d), e->d_name, err);
		errno = 0;
	}
	if (!ret && !errno && too_long)
		errno = ENAMETOOLONG;
	if (!ret && errno)
		ret = unknown(w, w->path.buf, w->path.len, err);
	return ret;
}

/* What is in the directory w->path, which fd is, and not in the index. */
static int list_new(struct search *w, int fd, struct err *err)
{
	DIR *d = NULL;
	int ret = 0;

	if (fd >= 0 && w->depth >= DEPTH_MAX) {
		close_quietly(fd);
		errno = ENAMETOOLONG;
	} else {
		d = dirstream_take(fd);
	}
	/* It was a directory a moment ago. */
	if (!d && (errno == ENOTDIR || errno == ELOOP))
		errno = EBADMSG;
	if (!d)
		return errno == ENOENT
			       ? 0
			       : unknown(w, w->path.buf, w->path.len, err);
	if (w->s->pause)
		ret = w->s->pause(w->ctx, err);
	w->depth++;
	if (!ret)
		ret = list_names(w, d, err);
	w->depth--;
	closedir(d);
	return ret;
}

static int gone(struct search *w, const struct index_entry *was, struct err *err)
{
	struct edit e = {
		.path = was->path, .len = was->path_len, .status = 'D', .was = was
	};

	return tell(w, &e, err);
}

static int not_seen(struct search *w, const struct index_entry *was,
		    struct err *err)
{
	return means_gone(errno) ? gone(w, was, err)
				 : unknown(w, was->path, was->path_len, err);
}

static enum dir_state state_of_parent(struct search *w,
				      const struct index_entry *e)
{
	const char *slash = memrchr(e->path, '/', e->path_len);
	size_t len = slash ? (size_t)(slash - e->path) : 0;

	if (!len)
		return DIR_THERE;
	if (!w->parent || w->parent->path_len != len ||
	    memcmp(w->parent->path, e->path, len) != 0)
		w->parent = release_index_find(w->s->sealed, e->path, len);
	return w->parent ? w->dirs[w->parent - w->s->sealed->entries] : DIR_THERE;
}

/* A directory that is one still. What it holds comes line by line later. */
static int enter(struct search *w, size_t line, const struct stat *st,
		 struct err *err)
{
	const struct index_entry *e = &w->s->sealed->entries[line];
	int fd = tree_directory(&w->tree, e->path, e->path_len);
	int ret;

	if (w->s->pause && (ret = w->s->pause(w->ctx, err)))
		return ret;
	if (fd < 0) {
		w->dirs[line] = means_gone(errno) ? DIR_GONE : DIR_LEFT;
		return not_seen(w, e, err);
	}
	if (by_stat(w, w->s->sealed, e, st))
		return 0;
	strbuf_reset(&w->path);
	strbuf_add(&w->path, e->path, e->path_len);
	return list_new(w, openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
			err);
}

static int compare(struct search *w, size_t line, struct edit *e, struct err *err)
{
	const struct release_index *x = w->s->sealed;
	const struct index_entry *was = &x->entries[line];

	if (S_ISDIR(was->mode))
		w->dirs[line] = DIR_GONE;
	w->s->looked += !S_ISDIR(e->st.st_mode);
	if (by_stat(w, x, was, &e->st) || ignored(w, e))
		return 0;
	if (identify(w, e) < 0)
		return not_seen(w, was, err);
	e->status = e->st.st_mode == was->mode && oid_eq(&e->oid, &was->oid)
			    ? '='
			    : 'M';
	if (e->status == '=' && !w->s->proven)
		return 0;
	return tell(w, e, err);
}

/* It is a directory now, and was none: what is in it is new. */
static int replaced(struct search *w, const struct edit *e, struct err *err)
{
	struct edit now = *e;
	int ret;

	now.status = 'M';
	ret = tell(w, &now, err);
	if (ret)
		return ret;
	strbuf_reset(&w->path);
	strbuf_add(&w->path, e->path, e->len);
	return list_new(w,
			openat(e->at, e->name,
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
			err);
}

static int visit_line(struct search *w, size_t line, struct err *err)
{
	const struct index_entry *was = &w->s->sealed->entries[line];
	struct edit e = { .path = was->path, .len = was->path_len, .was = was };
	const char *name;
	int at;

	w->dirs[line] = left_out(w, was->path) ? DIR_LEFT
					       : state_of_parent(w, was);
	if (w->dirs[line] == DIR_LEFT)
		return 0;
	if (w->dirs[line] == DIR_GONE)
		return gone(w, was, err);
	at = tree_parent(&w->tree, was->path, &name);
	e.at = at;
	e.name = name;
	if (at < 0 || tree_look(at, name, w->dev, &e.st) < 0) {
		w->dirs[line] = means_gone(errno) ? DIR_GONE : DIR_LEFT;
		return not_seen(w, was, err);
	}
	if (S_ISDIR(e.st.st_mode))
		return S_ISDIR(was->mode) ? enter(w, line, &e.st, err)
					  : replaced(w, &e, err);
	return compare(w, line, &e, err);
}

static int find(struct search *w, struct err *err)
{
	const struct release_index *x = w->s->sealed;
	int fd = openat(w->s->dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return err_sys(err, "cannot read the release");
	ret = list_new(w, fd, err);
	for (size_t i = 0; !ret && x && i < x->nr; i++)
		ret = visit_line(w, i, err);
	return ret;
}

int edits_find(struct edit_scan *s, edit_fn *fn, void *ctx, struct err *err)
{
	AUTO_FREE unsigned char *dirs = xcalloc(s->sealed ? s->sealed->nr : 0, 1);
	struct search w = {
		.s = s,
		.fn = fn,
		.ctx = ctx,
		.dirs = dirs,
		.path = STRBUF_INIT,
		.err = err,
	};
	struct stat st;
	int ret;

	if (fstat(s->dir_fd, &st) < 0)
		return err_sys(err, "cannot look at the release");
	w.dev = st.st_dev;
	tree_init(&w.tree, s->dir_fd);
	ret = find(&w, err);
	tree_release(&w.tree);
	strbuf_release(&w.path);
	return ret;
}
