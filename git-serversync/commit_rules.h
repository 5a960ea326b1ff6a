#ifndef COMMIT_RULES_H
#define COMMIT_RULES_H

#include "common/git/repo.h"
#include "common/text/attribute_rules.h"
#include "common/text/ignore_rules.h"

/*
 * What the .gitignore and .gitattributes files of one commit say of the paths
 * of a release; those of the work tree, the index and the user have no part in
 * it, as they say nothing of what is live. As in git, links of these names are
 * not followed. Paths are those of git, normalised.
 */
#define COMMIT_RULES_FILE_MAX ((size_t)1 << 20)
#define COMMIT_RULES_MAX      ((size_t)8 << 20) /* bytes of all files */
#define COMMIT_RULES_FILES    20000

struct commit_rules {
	struct ignore_rules ignored;
	struct attribute_rules attributes;
};
#define COMMIT_RULES_INIT                                                        \
	{                                                                        \
		.ignored = IGNORE_RULES_INIT, .attributes = ATTRIBUTE_RULES_INIT \
	}

/*
 * out must be fresh, and is filled only on success. ERR_FAILED when there is
 * more than the limits above, ERR_NOTFOUND with a hint when an object is not
 * here, ERR_REFUSED when the commit has names that no work tree may have.
 */
int commit_rules_load(git_repository *repo, const git_oid *commit,
		      struct commit_rules *out, struct err *err) MUST_CHECK;
void commit_rules_release(struct commit_rules *r);
#define AUTO_COMMIT_RULES CLEANUP(commit_rules_release)

/*
 * Is the file left out by git archive: has it, or a directory it is in, the
 * attribute export-ignore? (libgit2 cannot tell: for what is not in a work tree
 * it takes every directory for a file, and "docs/" then matches nothing.)
 */
bool commit_rules_unexported(const struct commit_rules *r, const char *path);

#endif
