#ifndef FILEIO_H
#define FILEIO_H

#include "common/base/err.h"

/* All of buf, whatever signals and short writes say; -1 with errno. */
int write_all(int fd, const void *buf, size_t len) MUST_CHECK;
int pwrite_all(int fd, const void *buf, size_t len, off_t at) MUST_CHECK;

/* Up to len bytes: fewer only at the end of the file; -1 with errno. */
ssize_t read_full(int fd, void *buf, size_t len) MUST_CHECK;

/* Appends the rest of fd to out, which should carry a limit; -1 + errno. */
int read_rest(int fd, struct strbuf *out) MUST_CHECK;

/*
 * Appends the file "name" of directory dir, at most max bytes. ERR_NOTFOUND
 * when there is none; ERR_FAILED when it is no regular file or too long.
 */
int file_read(int dir, const char *name, size_t max, struct strbuf *out,
	      struct err *err) MUST_CHECK;

/*
 * The file "name" of directory dir then holds exactly these bytes, or what it
 * held before, also after a power cut: temporary file, fsync, rename, fsync
 * of the directory. step names the fault points.
 */
int file_replace(int dir, const char *name, const struct strbuf *bytes,
		 mode_t mode, struct err *err) MUST_CHECK;

#endif
