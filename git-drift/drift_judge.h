#ifndef DRIFT_JUDGE_H
#define DRIFT_JUDGE_H

#include "git-drift/drift_check.h"

struct judge_input {
	git_odb *odb; /* borrowed */
	const struct tree_change *change;
	/* Its new content, if that was read already; given away. */
	git_odb_object *now;
};

/* Does judging this change begin with its new content? */
bool drift_judge_reads(const struct tree_change *change);

/*
 * Judges one change outside of the custom directories, and adds what there is
 * to say about it to c->findings.
 */
int drift_judge(struct drift_check *c, const struct judge_input *in,
		enum drift_verdict *verdict, struct err *err) MUST_CHECK;

#endif
