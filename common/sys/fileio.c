#include "common/base/base.h"
#include "common/sys/fileio.h"

#include "common/sys/fault.h"

int write_all(int fd, const void *buf, size_t len)
{
	const char *p = buf;

	while (len) {
		size_t take = len;
		ssize_t n = fault_short("write", &take) ? -1 : write(fd, p, take);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

int pwrite_all(int fd, const void *buf, size_t len, off_t at)
{
	const char *p = buf;

	while (len) {
		size_t take = len;
		ssize_t n = fault_short("write at", &take)
				    ? -1
				    : pwrite(fd, p, take, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		p += n;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

ssize_t read_full(int fd, void *buf, size_t len)
{
	char *p = buf;
	size_t have = 0;

	while (have < len) {
		ssize_t n = read(fd, p + have, len - have);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (!n)
			break;
		have += (size_t)n;
	}
	return (ssize_t)have;
}

int read_rest(int fd, struct strbuf *out)
{
	for (;;) {
		ssize_t n;

		if (out->alloc - out->len < 4096 &&
		    strbuf_grow(out, out->len < 65536 ? 8192 : out->len) < 0 &&
		    strbuf_grow(out, 1) < 0) {
			errno = EFBIG;
			return -1;
		}
		n = read(fd, out->buf + out->len, out->alloc - out->len - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (!n)
			return 0;
		if (out->max && out->len + (size_t)n > out->max) {
			errno = EFBIG;
			return -1;
		}
		out->len += (size_t)n;
		out->buf[out->len] = '\0';
	}
}

int file_read(int dir, const char *name, size_t max, struct strbuf *out,
	      struct err *err)
{
	AUTO_FD int fd = openat(dir, name,
				O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0 && errno == ENOENT)
		return err_set(err, ERR_NOTFOUND, "there is no '%s'", name);
	if (fd < 0 || fstat(fd, &st) < 0)
		return err_sys(err, "cannot open '%s'", name);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_FAILED, "'%s' is not a file", name);
	if (st.st_size < 0 || (uint64_t)st.st_size > max)
		return err_set(err, ERR_FAILED, "'%s' is too large", name);
	strbuf_limit(out, out->len + max);
	(void)strbuf_grow(out, (size_t)st.st_size);
	if (read_rest(fd, out) < 0)
		return err_sys(err, "cannot read '%s'", name);
	return 0;
}

static int write_temp(int dir, const char *tmp, const struct strbuf *bytes,
		      mode_t mode)
{
	AUTO_FD int fd = -1;

	if (fault("create file"))
		return -1;
	(void)unlinkat(dir, tmp, 0);
	fd = openat(dir, tmp,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0 || fault("write file") ||
	    write_all(fd, bytes->buf, bytes->len) < 0 || fchmod(fd, mode) < 0 ||
	    fault("sync file") || fsync(fd) < 0)
		return -1;
	return 0;
}

int file_replace(int dir, const char *name, const struct strbuf *bytes,
		 mode_t mode, struct err *err)
{
	char tmp[NAME_MAX + 1];

	if (snprintf(tmp, sizeof(tmp), "%s.new", name) >= (int)sizeof(tmp)) {
		errno = ENAMETOOLONG;
		return err_sys(err, "cannot write '%s'", name);
	}
	if (write_temp(dir, tmp, bytes, mode) < 0 || fault("rename file") ||
	    renameat(dir, tmp, dir, name) < 0 || fsync(dir) < 0) {
		err_sys(err, "cannot write '%s'", name);
		(void)unlinkat(dir, tmp, 0);
		return err->code;
	}
	return 0;
}
