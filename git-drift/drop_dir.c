#include "common/base/base.h"
#include "git-drift/drop_source.h"

#include "common/base/mem.h"
#include "common/sys/beneath.h"
#include "common/sys/dirstream.h"
#include "common/sys/fileio.h"
#include "common/text/quote.h"

#define DEPTH_MAX 500
#define DIRFLAG	  (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* A directory, walked and read through descriptors below the one held. */
struct dir_drop {
	int fd;
	struct strbuf path; /* of what is being listed */
	int depth;
};

int drop_dir_open(int fd, void **ctx, struct err *err)
{
	struct dir_drop *d;
	int own = openat(fd, ".", DIRFLAG);

	if (own < 0)
		return err_sys(err, "cannot open the directory");
	d = xcalloc(1, sizeof(*d));
	d->fd = own;
	d->path = (struct strbuf)STRBUF_INIT;
	*ctx = d;
	return 0;
}

static void dir_close(void *ctx)
{
	struct dir_drop *d = ctx;

	close_quietly(d->fd);
	strbuf_release(&d->path);
	free(d);
}

static int failed(const struct dir_drop *d, const char *what, struct err *err)
{
	int saved = errno;
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_text(&shown, d->path.buf, d->path.len);
	errno = saved;
	return err_sys(err, "cannot %s '%s'", what, shown.buf);
}

static int list_dir(struct dir_drop *d, int fd, struct drop_list *out,
		    struct err *err);

static int list_below(struct dir_drop *d, int dir, const char *name,
		      struct drop_list *out, struct err *err)
{
	AUTO_FD int fd = openat(dir, name, DIRFLAG);

	if (fd < 0)
		return failed(d, "open", err);
	strbuf_addch(&d->path, '/');
	return list_dir(d, TAKE_FD(fd), out, err);
}

static int list_entry(struct dir_drop *d, int dir, const char *name,
		      struct drop_list *out, struct err *err)
{
	struct drop_file file;
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return failed(d, "look at", err);
	if (S_ISDIR(st.st_mode))
		return list_below(d, dir, name, out, err);
	file = (struct drop_file){
		.path = d->path.buf,
		.mode = st.st_mode,
		.size = st.st_size > 0 ? (uint64_t)st.st_size : 0,
	};
	return drop_list_add(out, &file, err);
}

static int list_stream(struct dir_drop *d, DIR *stream, struct drop_list *out,
		       struct err *err)
{
	size_t len = d->path.len;
	struct dirent *e;
	int ret = 0;

	while (!ret && (errno = 0, e = dirstream_next(stream))) {
		strbuf_addstr(&d->path, e->d_name);
		ret = list_entry(d, dirfd(stream), e->d_name, out, err);
		strbuf_setlen(&d->path, len);
	}
	return !ret && errno ? failed(d, "read", err) : ret;
}

/* Takes fd. The directory itself goes in, too: it may be empty. */
static int list_dir(struct dir_drop *d, int fd, struct drop_list *out,
		    struct err *err)
{
	const struct drop_file self = { .path = d->path.buf };
	DIR *stream = dirstream_take(fd);
	int ret = 0;

	if (!stream)
		return failed(d, "read", err);
	if (d->depth++ >= DEPTH_MAX)
		ret = err_set(err, ERR_REFUSED, "its folders are too deep");
	if (!ret && d->path.len)
		ret = drop_list_add(out, &self, err);
	if (!ret)
		ret = list_stream(d, stream, out, err);
	d->depth--;
	closedir(stream);
	return ret;
}

static int dir_list(void *ctx, struct drop_list *out, struct err *err)
{
	struct dir_drop *d = ctx;
	int fd = openat(d->fd, ".", DIRFLAG);

	if (fd < 0)
		return err_sys(err, "cannot read the directory");
	strbuf_reset(&d->path);
	return list_dir(d, fd, out, err);
}

static int read_link(struct dir_drop *d, const struct drop_file *file,
		     struct strbuf *out, struct err *err)
{
	const char *name = NULL;
	AUTO_FD int dir = beneath_parent(d->fd, file->path, &name);
	char target[PATH_MAX];
	ssize_t n;

	if (dir < 0)
		return failed(d, "open", err);
	n = readlinkat(dir, name, target, sizeof(target));
	if (n < 0)
		return failed(d, "read", err);
	strbuf_add(out, target, (size_t)n);
	return 0;
}

static int changed(const struct dir_drop *d, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_text(&shown, d->path.buf, d->path.len);
	return err_set(err, ERR_FAILED,
		       "'%s' was changed while it was being read", shown.buf);
}

static int dir_read(void *ctx, const struct drop_file *file, struct strbuf *out,
		    struct err *err)
{
	struct dir_drop *d = ctx;
	AUTO_FD int fd = -1;

	strbuf_reset(out);
	strbuf_reset(&d->path);
	strbuf_addstr(&d->path, file->path);
	if (S_ISLNK(file->mode))
		return read_link(d, file, out, err);
	fd = beneath_open(d->fd, file->path, O_RDONLY | O_NONBLOCK, 0);
	if (fd < 0)
		return failed(d, "open", err);
	(void)strbuf_grow(out, file->size + 1);
	if (read_full(fd, out->buf, file->size + 1) != (ssize_t)file->size)
		return changed(d, err);
	out->len = file->size;
	out->buf[out->len] = '\0';
	return 0;
}

const struct drop_reader drop_dir_reader = {
	.list = dir_list,
	.read = dir_read,
	.close = dir_close,
};
