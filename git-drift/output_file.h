#ifndef OUTPUT_FILE_H
#define OUTPUT_FILE_H

#include "common/git/repo.h"

/*
 * Where -o writes. The file then holds exactly the bytes given, or what it
 * held before: a temporary file beside it, fsync, rename.
 *
 * The configured place comes with the repository and is not to be trusted:
 * it is a path below the top of the work tree, its missing directories are
 * made, and no link on the way is followed. A file named on the command line
 * is whatever the person who typed it wants, and its directory must exist.
 */

/*
 * Appends the path that drift.output stands for: "%v" is the version, "%%" a
 * percent sign. version NULL: the baseline has none. ERR_FAILED when the
 * result is no path inside the work tree.
 */
int output_file_place(const char *pattern, const char *version,
		      struct strbuf *path, struct err *err) MUST_CHECK;

/* path is of output_file_place(). ERR_FAILED in a bare repository, too. */
int output_file_write_below(git_repository *repo, const char *path,
			    const struct strbuf *bytes,
			    struct err *err) MUST_CHECK;
int output_file_write(const char *path, const struct strbuf *bytes,
		      struct err *err) MUST_CHECK;

#endif
