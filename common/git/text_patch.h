#ifndef TEXT_PATCH_H
#define TEXT_PATCH_H

#include "common/git/repo.h"

/*
 * A patch for "git apply" that turns one text into another. Compared in memory;
 * no attribute, driver or filter of a repository has a say in it.
 */
struct text_patch {
	const char *path; /* of the file, from the top of the work tree */
	const struct strbuf *old; /* NULL: there is no such file yet */
	const struct strbuf *new;
};

/* Appends it to out; nothing for two texts that are alike. */
int text_patch_add(const struct text_patch *p, struct strbuf *out,
		   struct err *err) MUST_CHECK;

#endif
