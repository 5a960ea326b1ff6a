#ifndef GIT_IDENTITY_H
#define GIT_IDENTITY_H

#include "common/base/err.h"
#include "common/base/strbuf.h"

#include <git2.h>

/*
 * Who git would say has made a commit: "A U Thor <author@example.com>
 * 1767225600 +0000", by the user's settings and environment. which is
 * "GIT_AUTHOR_IDENT" or "GIT_COMMITTER_IDENT". ERR_FAILED in git's words, and
 * how to say it, when git does not know.
 */
int git_identity_find(git_repository *repo, const char *which,
		      struct strbuf *out, struct err *err) MUST_CHECK;

#endif
