#ifndef DROP_LIST_H
#define DROP_LIST_H

#include "common/base/err.h"
#include "common/base/strvec.h"

/*
 * What a vendor delivered, a directory or an archive, as a list of files that
 * may become a tree: checked while it grows, before a byte of content is read.
 * Names come from outside and are taken for nothing but bytes.
 *
 *	struct drop_list list = { .strict_names = true };
 *
 *	drop_list_add(&list, &file, err);	for each, in any order
 *	drop_list_finish(&list, err);
 *
 * Refused, with the name: a path that is absolute, has "..", an empty or an
 * overlong part, or a ".git" in it (as git's file systems see that name), a
 * path that is there twice or is a file and a directory, files that are set-id,
 * devices, pipes, sockets, a .gitmodules that is a link. In an archive
 *(strict_names) also a backslash and a drive letter: whoever unpacks it
 *elsewhere gets other files than we do.
 */
#define DROP_FILES_MAX 200000u
#define DROP_PATH_MAX  4095u
#define DROP_FILE_MAX  (512u << 20) /* bytes of one file */
#define DROP_BYTES_MAX (1u << 30)   /* bytes of all files */
/* An archive of n bytes may hold n times so many, and always the floor. */
#define DROP_RATIO_MAX	 200u
#define DROP_RATIO_FLOOR (64u << 20)

struct drop_file {
	const char *path; /* in the list: owned by it */
	uint32_t mode;	  /* of stat(2); in the list GIT_FILEMODE_* */
	uint64_t size;
	uint64_t index; /* for whoever reads the content */
};

struct drop_list {
	bool strict_names;
	uint64_t packed_bytes; /* of the archive; 0: it is none */

	struct drop_file *v; /* finished: in the byte order of paths */
	size_t nr, alloc;
	uint64_t bytes;
	struct strvec empty;   /* directories that hold nothing */
	struct strvec clashes; /* "a, A": differ in case alone */
	char *top;	       /* the one directory all were in, or NULL */
};
#define DROP_LIST_INIT                                                         \
	{                                                                      \
		0                                                              \
	}

void drop_list_release(struct drop_list *list);
#define AUTO_DROP_LIST CLEANUP(drop_list_release)

/*
 * file->path is copied; a slash at its end makes it a directory, of which only
 * the name is checked. ERR_REFUSED for what may not be in it.
 */
int drop_list_add(struct drop_list *list, const struct drop_file *file,
		  struct err *err) MUST_CHECK;
/*
 * Sorts, finds what is there twice. strip: where everything is in one
 * directory, that is taken off, and ->top is it. ERR_REFUSED when there is no
 * file at all.
 */
int drop_list_finish(struct drop_list *list, bool strip,
		     struct err *err) MUST_CHECK;

#endif
