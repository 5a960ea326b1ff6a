#ifndef GITCONFIG_H
#define GITCONFIG_H

#include "common/base/err.h"

/*
 * git's configuration syntax (git-config(1), "CONFIGURATION FILE"), as bytes
 * in memory: what "git config -z --list" prints for a file, with the line of
 * each value, which git does not tell. [include] is not followed, as git
 * itself does not for a blob.
 *
 * Stricter than git in two things: a NUL byte is an error, where git silently
 * cuts the value short, and so is a key before any section. Blanks between
 * the words of a value are kept as they are, as documented; git before 2.45
 * turned each tab there into a space.
 */
#define GITCONFIG_MAX (1u << 20) /* bytes of a file */

struct gitconfig_entry {
	char *section;	   /* lower case */
	char *sub;	   /* exact; NULL when there is none */
	char *name;	   /* lower case */
	char *value;	   /* NULL for a bare key, which means true */
	unsigned int line; /* of the name, counted from 1 */
	unsigned int section_line;
};

struct gitconfig {
	struct gitconfig_entry *entries; /* in file order */
	size_t nr, alloc;
};
#define GITCONFIG_INIT                                                         \
	{                                                                      \
		0                                                              \
	}

/*
 * Parses a whole file. ERR_FAILED with "<label>:<line>: ..." when git would
 * refuse it; out is then unchanged.
 */
int gitconfig_parse(const char *data, size_t len, const char *label,
		    struct gitconfig *out, struct err *err) MUST_CHECK;

void gitconfig_release(struct gitconfig *gc);
#define AUTO_GITCONFIG CLEANUP(gitconfig_release)

/*
 * The values git takes for true and false: a bare key, true yes on 1; false
 * no off 0 and the empty value, in any case. Other numbers are refused. -1
 * when it is neither.
 */
int gitconfig_bool(const char *value, bool *out) MUST_CHECK;

#endif
