#include "common/base/base.h"
#include "common/agent/scan.h"
#include "common/sys/dirstream.h"

#define DEPTH_MAX 256

struct scan {
	scan_fn *fn;
	void *ctx;
	struct strbuf path;
	int depth;
};

static int scan_dir(struct scan *s, int at, const char *name, struct err *err);

static int visit(struct scan *s, int at, const char *name, struct err *err)
{
	size_t len = s->path.len;
	struct stat st;
	int ret;

	strbuf_addf(&s->path, "%s%s", len ? "/" : "", name);
	if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		ret = errno == ENOENT
			      ? 0
			      : err_sys(err, "cannot look at '%s'", s->path.buf);
	else
		ret = s->fn(s->ctx, s->path.buf, s->path.len, at, name, &st, err);
	if (!ret && S_ISDIR(st.st_mode))
		ret = scan_dir(s, at, name, err);
	strbuf_setlen(&s->path, len);
	return ret == SCAN_SKIP ? 0 : ret;
}

static int scan_dir(struct scan *s, int at, const char *name, struct err *err)
{
	int fd = openat(at, name,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = dirstream_take(fd);
	struct dirent *e;
	int ret = 0;

	if (!d)
		return err_sys(err, "cannot read the directory '%s'",
			       s->path.buf);
	if (++s->depth > DEPTH_MAX)
		ret = err_set(err, ERR_FAILED, "'%s' is too deep", s->path.buf);
	while (!ret && (e = dirstream_next(d)))
		ret = visit(s, fd, e->d_name, err);
	s->depth--;
	closedir(d);
	return ret;
}

int scan_tree(int fd, scan_fn *fn, void *ctx, struct err *err)
{
	struct scan s = { .fn = fn, .ctx = ctx, .path = STRBUF_INIT };
	int ret = scan_dir(&s, fd, ".", err);

	strbuf_release(&s.path);
	return ret;
}
