#ifndef TIP_H
#define TIP_H

#include "common/git/scratch.h"

/*
 * Where a branch stands against the source it is to be moved to.
 *
 * tip_judge() decides whether it may be moved, in process: the verdict is
 * that of "git merge-base --is-ancestor". tip_explain() looks at one that
 * may not and finds out what its own commits are, with git's own patch ids
 * (git-patch-id(1)), so that it says what "git cherry" says.
 */
enum tip_class {
	TIP_CURRENT,   /* is at the source already */
	TIP_BEHIND,    /* the source has all of it, and more */
	TIP_AHEAD,     /* has all of the source, and more */
	TIP_SAME_TREE, /* another history that led to the same content */
	TIP_TWINS,     /* what it has is on the source, as other commits */
	TIP_REAL       /* has what the source lacks, and the other way round */
};

struct tip_commit {
	char id[GIT_OID_HEXSZ + 1];
	char *author, *date, *subject; /* any bytes; date is yyyy-mm-dd */
	unsigned int parents;
	bool twin; /* the source has a commit with the same patch */
};

struct tip {
	git_oid id;
	enum tip_class class;
	size_t ahead, behind; /* commits that only it, or the source, has */
	/* Its own, the newest first; unexplained: TIP_COMMITS_MAX at most. */
	struct tip_commit *commits;
	size_t nr, alloc;
	/* The source's commit that has all of it at once, or "". */
	char squashed[GIT_OID_HEXSZ + 1];
	bool judged;
	bool unexplained; /* there is too much to compare */
};
#define TIP_COMMITS_MAX 1000
#define TIP_COMPARE_MAX 20000

void tip_release(struct tip *tip);

/* May not be moved. */
bool tip_diverged(const struct tip *tip);

/*
 * Fills class and the counts from tip->id, which can then be copied for another
 * branch at the same commit. A branch that has diverged is
 * TIP_AHEAD or TIP_REAL until it is explained.
 */
int tip_judge(git_repository *repo, const git_oid *source, struct tip *tip,
	      struct err *err) MUST_CHECK;

/*
 * The first half of tip_explain(): lists the commits that the source does not
 * have, whatever their dates, and marks those whose patch it has. Sets ahead.
 */
int tip_list(git_repository *repo, const git_oid *source, struct tip *tip,
	     struct err *err) MUST_CHECK;

/* What explanations are made in: opened by the first one that needs it. */
struct tip_workshop {
	git_repository *repo; /* borrowed */
	struct scratch scratch;
	struct strvec env;
};
#define TIP_WORKSHOP_INIT                                                      \
	{                                                                      \
		.scratch = SCRATCH_INIT, .env = STRVEC_INIT                    \
	}
void tip_workshop_release(struct tip_workshop *shop);
#define AUTO_TIP_WORKSHOP CLEANUP(tip_workshop_release)

/* For one that has diverged: its commits, and its class for good. */
int tip_explain(struct tip_workshop *shop, const git_oid *source,
		struct tip *tip, struct err *err) MUST_CHECK;

#endif
