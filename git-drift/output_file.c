#include "common/base/base.h"
#include "git-drift/output_file.h"

#include "common/sys/beneath.h"
#include "common/sys/fault.h"
#include "common/sys/fileio.h"
#include "common/text/quote.h"
#include "common/text/relpath.h"

static int wrong(struct err *err, const char *text, const char *what)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_text(&shown, text, strlen(text));
	return err_set(err, ERR_FAILED, "drift.output: '%s' %s", shown.buf, what);
}

static int expand(const char *pattern, const char *version, struct strbuf *out,
		  struct err *err)
{
	for (const char *p = pattern; *p; p++) {
		if (*p != '%') {
			strbuf_addch(out, *p);
			continue;
		}
		p++;
		if (*p == '%') {
			strbuf_addch(out, '%');
		} else if (*p != 'v') {
			return wrong(err, pattern,
				     "has a '%' that is neither %v nor %%");
		} else if (!version) {
			wrong(err, pattern, "needs the version of a baseline");
			return err_hint(err, "name the file: -o <file>");
		} else {
			strbuf_addstr(out, version);
		}
	}
	return 0;
}

int output_file_place(const char *pattern, const char *version,
		      struct strbuf *path, struct err *err)
{
	AUTO_STRBUF struct strbuf expanded = STRBUF_INIT;
	const char *why;
	bool is_dir;

	/* It would name directories that the pattern does not have. */
	if (version && strchr(version, '/'))
		return wrong(err, version, "cannot be part of a file's name");
	if (expand(pattern, version, &expanded, err) < 0)
		return err->code;
	why = relpath_normalise(expanded.buf, path, &is_dir);
	if (!why && is_dir)
		why = "names a directory";
	return why ? wrong(err, expanded.buf, why) : 0;
}

static int cannot_write(struct err *err, const char *path)
{
	int saved = errno;
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_text(&shown, path, strlen(path));
	errno = saved;
	return err_sys(err, "cannot write '%s'", shown.buf);
}

static int fill(int dir, const char *tmp, const struct strbuf *bytes)
{
	AUTO_FD int fd = -1;

	if (fault("create output"))
		return -1;
	fd = openat(dir, tmp,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0 || fault("write output") ||
	    write_all(fd, bytes->buf, bytes->len) < 0 || fault("sync output") ||
	    fsync(fd) < 0)
		return -1;
	return 0;
}

/*
 * Unlike file_replace() this is in a directory of somebody else: the
 * temporary name must not be one that they may have used, and the mode is up
 * to their umask.
 */
static int write_in(int dir, const char *name, const struct strbuf *bytes)
{
	char tmp[64];
	int saved;

	snprintf(tmp, sizeof(tmp), ".git-drift-%ld.tmp", (long)getpid());
	if (!fill(dir, tmp, bytes) && !fault("rename output") &&
	    !renameat(dir, tmp, dir, name) && !fsync(dir))
		return 0;
	saved = errno;
	if (saved != EEXIST)
		(void)unlinkat(dir, tmp, 0);
	errno = saved;
	return -1;
}

static int open_parent(int top, const char *path, const char **name)
{
	AUTO_STRBUF struct strbuf parent = STRBUF_INIT;
	const char *slash = strrchr(path, '/');

	*name = slash ? slash + 1 : path;
	if (!slash)
		return fcntl(top, F_DUPFD_CLOEXEC, 0);
	strbuf_add(&parent, path, (size_t)(slash - path));
	return beneath_mkdirs(top, parent.buf, 0755);
}

int output_file_write_below(git_repository *repo, const char *path,
			    const struct strbuf *bytes, struct err *err)
{
	const char *workdir = git_repository_workdir(repo), *name;
	AUTO_FD int top = -1;
	AUTO_FD int dir = -1;

	if (!workdir) {
		err_set(err, ERR_FAILED,
			"there is no work tree that '%s' could be in", path);
		return err_hint(err, "name the file: -o <file>");
	}
	top = open(workdir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (top < 0)
		return err_sys(err, "cannot open the work tree");
	dir = open_parent(top, path, &name);
	if (dir < 0 || write_in(dir, name, bytes) < 0)
		return cannot_write(err, path);
	return 0;
}

/* A device or a pipe is no place: what it stands for is written to. */
static int write_into(const char *path, const struct strbuf *bytes,
		      struct err *err)
{
	AUTO_FD int fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);

	if (fd < 0 || write_all(fd, bytes->buf, bytes->len) < 0)
		return cannot_write(err, path);
	return 0;
}

static int replace(const char *path, const struct strbuf *bytes, struct err *err)
{
	AUTO_STRBUF struct strbuf parent = STRBUF_INIT;
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	AUTO_FD int dir = -1;

	if (slash)
		strbuf_add(&parent, path, (size_t)(slash - path) + 1);
	else
		strbuf_addstr(&parent, ".");
	dir = open(parent.buf, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0 || write_in(dir, name, bytes) < 0)
		return cannot_write(err, path);
	return 0;
}

int output_file_write(const char *path, const struct strbuf *bytes,
		      struct err *err)
{
	AUTO_FREE char *target = NULL;
	struct stat st;

	if (stat(path, &st) < 0 || S_ISDIR(st.st_mode))
		return replace(path, bytes, err);
	if (!S_ISREG(st.st_mode))
		return write_into(path, bytes, err);
	/* Behind links ("/dev/stdout") it is the file that is replaced. */
	target = realpath(path, NULL);
	return target ? replace(target, bytes, err) : cannot_write(err, path);
}
