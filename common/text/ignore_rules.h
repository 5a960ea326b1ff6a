#ifndef IGNORE_RULES_H
#define IGNORE_RULES_H

#include "common/base/cleanup.h"
#include "common/text/path_pattern.h"

/*
 * What gitignore(5) says: the patterns of any number of files, each of which
 * counts for what lies below its directory. As in git, the last pattern that
 * matches decides, those of a deeper directory go first, and what is in an
 * ignored directory is ignored whatever else is said of it. Lines end in LF or
 * CRLF, and a byte order mark is skipped.
 *
 * Nothing is limited here but the time of one comparison (wildmatch.h): who
 * reads files of others bounds what is added.
 *
 * Not as in git 2.39: "a**" in a pattern with a slash is "a*" however it
 * begins, as gitignore(5) says and later versions do.
 */
struct ignore_list {
	char *dir; /* "" is the top; else without a slash at the end */
	struct path_pattern *v;
	size_t nr, alloc;
};

struct ignore_rules {
	struct ignore_list *lists; /* sorted by directory */
	size_t nr, alloc;
};
#define IGNORE_RULES_INIT                                                      \
	{                                                                      \
		0                                                              \
	}

void ignore_rules_release(struct ignore_rules *r);
#define AUTO_IGNORE_RULES CLEANUP(ignore_rules_release)

/*
 * The text of one file in dir; another one of the same directory counts like
 * further lines. dir and paths are normalised (relpath.h).
 */
void ignore_rules_add(struct ignore_rules *r, const char *dir, const char *text,
		      size_t len);

/* Is it ignored, or in a directory that is? */
bool ignore_rules_match(const struct ignore_rules *r, const char *path,
			bool is_dir);

/*
 * The length of its topmost part that is ignored: of "vendor/a/b" that of
 * "vendor". 0 when it is not ignored.
 */
size_t ignore_rules_top(const struct ignore_rules *r, const char *path,
			bool is_dir);

#endif
