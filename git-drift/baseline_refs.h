#ifndef BASELINE_REFS_H
#define BASELINE_REFS_H

#include "common/git/repo.h"

/* The refs of a baseline that is being frozen: as they are, as they become. */
struct baseline_refs {
	char *tag_ref;	/* "refs/tags/author-v5.2.1" */
	bool is_tagged; /* it is there, and names the commit ->tagged */
	git_oid tagged;

	git_oid branch; /* where "author" is; all zero: nowhere yet */

	/* The baseline before it: the branch, else the newest tag. */
	bool has_before;
	git_oid before;
	char *before_name;

	git_oid tag, commit; /* what tag and branch are set to */
};
void baseline_refs_release(struct baseline_refs *refs);

/*
 * ERR_REFUSED when the branch is checked out somewhere (its index and files
 * would not follow it), or the tag is no commit.
 */
int baseline_refs_read(git_repository *repo, const char *pattern, const char *tag,
		       struct baseline_refs *out, struct err *err) MUST_CHECK;

/*
 * Sets both, if they still are as they were read; ERR_REFUSED when somebody
 * else was faster.
 */
int baseline_refs_set(git_repository *repo, const struct baseline_refs *refs,
		      struct err *err) MUST_CHECK;

#endif
