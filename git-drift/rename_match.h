#ifndef RENAME_MATCH_H
#define RENAME_MATCH_H

#include "common/git/tree_delta.h"

/*
 * Where files that one side deleted went: of the files it added, the most
 * similar one. Found in git's order (gitdiffcore(7), and merge-ort): the same
 * content; then the only file of the same name if three quarters of it are
 * the same; then whatever is most similar, from one half on. A file goes to
 * one place and comes from one.
 */
#define RENAME_SCORE_MIN      30000u /* of SIMILARITY_MAX */
#define RENAME_SCORE_SAMENAME 45000u

/* More comparisons than these (git's merge.renameLimit, squared) are left. */
#define RENAME_PAIRS_MAX ((uint64_t)7000 * 7000)
/* Larger files only count as renamed when they are the same. */
#define RENAME_SIZE_MAX ((uint64_t)32 << 20)

struct rename_pair {
	const struct tree_change *from, *to; /* borrowed from the delta */
	unsigned int score;		     /* of SIMILARITY_MAX */
};

struct rename_pairs {
	struct rename_pair *v;
	size_t nr, alloc;
	bool limited; /* too many files: only the first step was made */
};
#define RENAME_PAIRS_INIT                                                      \
	{                                                                      \
		0                                                              \
	}

/* Deletions of this delta that are asked for. */
struct rename_query {
	const struct tree_delta *delta;
	const struct tree_change **from;
	size_t nr;
	/* Empty files resemble each other by chance: merge-ort follows none. */
	bool skip_empty;
};

/* out must be fresh. ERR_NOTFOUND when an object is missing. */
int rename_match(git_repository *repo, const struct rename_query *q,
		 struct rename_pairs *out, struct err *err) MUST_CHECK;
void rename_pairs_release(struct rename_pairs *p);
#define AUTO_RENAME_PAIRS CLEANUP(rename_pairs_release)

#endif
