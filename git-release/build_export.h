#ifndef BUILD_EXPORT_H
#define BUILD_EXPORT_H

#include "common/base/strvec.h"
#include "common/git/scratch.h"

/*
 * Writes commit (or its subdirectory) into <scratch>/tree as git archive sees
 * it: export-ignore, export-subst, line ends and filters as the tag's own
 * .gitattributes say. Nothing the builder has set up for himself (autocrlf,
 * info/attributes, a global attributes file) counts, so that everybody
 * exports the same bytes. env is what scratch_repo() gave.
 *
 * ERR_REFUSED when a file is still a Git LFS pointer: a filter that fails or
 * is not installed does not make git archive fail.
 */
int build_export(const struct scratch *scratch, const struct strvec *env,
		 const git_oid *commit, const char *subdirectory,
		 struct err *err) MUST_CHECK;

#endif
