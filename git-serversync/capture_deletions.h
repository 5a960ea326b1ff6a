#ifndef CAPTURE_DELETIONS_H
#define CAPTURE_DELETIONS_H

#include "common/base/err.h"
#include "git-serversync/capture.h"

/*
 * What is gone from the server stays in git, unless somebody says why it should
 * go: --delete <path>=<reason>. The path is one of the repository, as git shows
 * it (in double quotes where that is needed).
 */

/* ERR_USAGE when a text is not of this form, or has an empty reason. */
int capture_deletions_check(const struct strvec *texts,
			    struct err *err) MUST_CHECK;

/*
 * Gives the files of c their reasons; these are taken. ERR_REFUSED when a path
 * is none of those that are gone.
 */
int capture_deletions_apply(const struct strvec *texts, struct capture *c,
			    struct err *err) MUST_CHECK;

/* How many there are, with and without a reason. */
size_t capture_deletions(const struct capture *c);

/* ERR_REFUSED when there are more than max. */
int capture_deletions_limit(const struct capture *c, uint64_t max,
			    struct err *err) MUST_CHECK;

#endif
