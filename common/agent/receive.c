#include "common/base/base.h"
#include "common/agent/receive.h"

#include "common/agent/copy.h"
#include "common/sys/fault.h"
#include "common/sys/fileio.h"

#define NO_ENTRY SIZE_MAX

void receive_store_init(struct receive_store *s, struct run *run)
{
	memset(s, 0, sizeof(*s));
	s->run = run;
	s->fd = s->old_fd = -1;
	s->old_entry = NO_ENTRY;
	s->target = (struct strbuf)STRBUF_INIT;
	tree_init(&s->from, run->base ? run->base->dir_fd : -1);
	tree_init(&s->tree, run->tree_fd);
	tree_init(&s->seed, run->seed_fd);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close_quietly(*fd);
	*fd = -1;
}

void receive_store_release(struct receive_store *s)
{
	close_fd(&s->fd);
	close_fd(&s->old_fd);
	strbuf_release(&s->target);
	tree_release(&s->from);
	tree_release(&s->tree);
	tree_release(&s->seed);
}

static int gone(struct err *err, const struct manifest_entry *e)
{
	return err_set(err, ERR_NOTFOUND, "'%s' is not as it was", e->path);
}

static int read_link(struct receive_store *s, const struct manifest_entry *e,
		     uint64_t off, void *buf, size_t len, struct err *err)
{
	char target[PATH_MAX];
	const char *name;
	int at = tree_parent(&s->from, e->path, &name);
	ssize_t n = at < 0 ? -1 : readlinkat(at, name, target, sizeof(target));

	if (n < 0 || off > (uint64_t)n || len > (uint64_t)n - off)
		return gone(err, e);
	memcpy(buf, target + off, len);
	return 0;
}

static int read_old(void *ctx, size_t entry, uint64_t off, void *buf,
		    size_t len, struct err *err)
{
	struct receive_store *s = ctx;
	const struct manifest_entry *e = &s->run->base->manifest.entries[entry];
	size_t have = 0;

	if (e->mode == MANIFEST_SYMLINK)
		return read_link(s, e, off, buf, len, err);
	if (s->old_entry != entry) {
		const char *name;
		int at = tree_parent(&s->from, e->path, &name);
		struct stat st;

		close_fd(&s->old_fd);
		s->old_entry = NO_ENTRY;
		if (at < 0)
			return gone(err, e);
		s->old_fd =
			openat(at, name,
			       O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
		if (s->old_fd < 0 || fstat(s->old_fd, &st) < 0 ||
		    !S_ISREG(st.st_mode))
			return gone(err, e);
		s->old_entry = entry;
	}
	while (have < len) {
		ssize_t n = pread(s->old_fd, (char *)buf + have, len - have,
				  (off_t)(off + have));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return gone(err, e);
		have += (size_t)n;
	}
	return 0;
}

static struct tree *tree_for(struct receive_store *s, size_t entry)
{
	return s->run->places[entry] == PLACE_SEED ? &s->seed : &s->tree;
}

static int file_begin(void *ctx, size_t entry, struct err *err)
{
	struct receive_store *s = ctx;
	const struct manifest_entry *e = &s->run->new.entries[entry];
	const char *name;
	int at;

	s->dropped = s->run->done[entry] ||
		     s->run->places[entry] == PLACE_NOWHERE;
	strbuf_reset(&s->target);
	if (s->dropped || e->mode == MANIFEST_SYMLINK)
		return 0;
	at = tree_parent(tree_for(s, entry), e->path, &name);
	if (at < 0)
		return err_sys(err, "cannot open the directory of '%s'", e->path);
	if (fault("create received file"))
		return err_sys(err, "cannot make '%s'", e->path);
	s->fd = openat(at, name,
		       O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		       0600);
	if (s->fd < 0)
		return err_sys(err, "cannot make '%s'", e->path);
	return 0;
}

static int file_data(void *ctx, size_t entry, const void *buf, size_t len,
		     struct err *err)
{
	struct receive_store *s = ctx;
	const struct manifest_entry *e = &s->run->new.entries[entry];

	if (s->dropped)
		return 0;
	if (e->mode == MANIFEST_SYMLINK) {
		if (s->target.len + len >= PATH_MAX)
			return err_set(err, ERR_FAILED,
				       "the target of the link '%s' is too "
				       "long",
				       e->path);
		strbuf_add(&s->target, buf, len);
		return 0;
	}
	if (fault("write received file") || write_all(s->fd, buf, len) < 0)
		return err_sys(err, "cannot write '%s'", e->path);
	return 0;
}

static int end_link(struct receive_store *s, size_t entry, struct err *err)
{
	const struct manifest_entry *e = &s->run->new.entries[entry];
	const char *name;
	int at = tree_parent(tree_for(s, entry), e->path, &name);
	struct stat st;

	if (at < 0 || fault("make received link") ||
	    memchr(s->target.buf, '\0', s->target.len) ||
	    symlinkat(s->target.buf, at, name) < 0 ||
	    fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(err, "cannot make the link '%s'", e->path);
	stat_record_set(&s->run->records[entry], &st);
	return 0;
}

static int file_end(void *ctx, size_t entry, struct err *err)
{
	struct receive_store *s = ctx;
	struct run *run = s->run;
	const struct manifest_entry *e = &run->new.entries[entry];
	struct stat st;

	if (s->dropped)
		return 0;
	if (e->mode == MANIFEST_SYMLINK) {
		if (end_link(s, entry, err) < 0)
			return err->code;
	} else {
		if (fchmod(s->fd, run_mode(run, e->mode)) < 0 ||
		    fstat(s->fd, &st) < 0)
			return err_sys(err, "cannot finish '%s'", e->path);
		stat_record_set(&run->records[entry], &st);
		close_fd(&s->fd);
	}
	run->done[entry] = DONE_MADE;
	run->received++;
	return 0;
}

static void file_abort(void *ctx, size_t entry)
{
	struct receive_store *s = ctx;
	const char *name;
	int at;

	if (s->fd < 0)
		return;
	close_fd(&s->fd);
	at = tree_parent(tree_for(s, entry), s->run->new.entries[entry].path,
			 &name);
	if (at >= 0)
		(void)unlinkat(at, name, 0);
}

static int copy(void *ctx, const struct delta_copy *c, struct err *err)
{
	struct receive_store *s = ctx;
	struct run *run = s->run;
	struct tree *from = &s->from, *to = tree_for(s, c->entry);
	/* Of its own: a tree keeps one directory open at a time. */
	AUTO_TREE struct tree made;
	const struct manifest_entry *source;
	int ret;

	tree_init(&made, -1);
	if (run->done[c->entry] || run->places[c->entry] == PLACE_NOWHERE)
		return 0;
	if (c->from_new) {
		source = &run->new.entries[c->from];
		if (!run->done[c->from])
			return gone(err, source);
		made.fd = tree_for(s, c->from)->fd;
		from = &made;
	} else {
		source = &run->base->manifest.entries[c->from];
	}
	ret = copy_entry(run, from, source->path, to, c->entry, err);
	if (!ret)
		run->done[c->entry] = DONE_MADE;
	return ret;
}

struct delta_store receive_store_callbacks(struct receive_store *s)
{
	return (struct delta_store){
		.read_old = read_old,
		.file_begin = file_begin,
		.file_data = file_data,
		.file_end = file_end,
		.file_abort = file_abort,
		.copy = copy,
		.ctx = s,
	};
}
