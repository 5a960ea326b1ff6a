#ifndef DRIFT_JUDGE_H
#define DRIFT_JUDGE_H

#include "git-drift/drift_check.h"

/*
 * Judges one change outside of the custom directories, and adds what there is
 * to say about it to c->findings.
 */
int drift_judge(struct drift_check *c, git_odb *odb,
		const struct tree_change *change, enum drift_verdict *verdict,
		struct err *err) MUST_CHECK;

#endif
