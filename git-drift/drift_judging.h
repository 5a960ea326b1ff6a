#ifndef DRIFT_JUDGING_H
#define DRIFT_JUDGING_H

#include "common/text/marker_pairs.h"
#include "git-drift/drift_check.h"
#include "git-drift/line_changes.h"

/*
 * One change while it is judged: what drift_judge.c, which decides, shares
 * with drift_tell.c, which puts it into words.
 */
struct judged_side {
	git_odb_object *object;
	struct file_text t;
	bool text; /* neither binary nor too large; t is only set then */
	bool too_large;
};

struct judging {
	struct drift_check *check;
	git_odb *odb;
	const struct tree_change *change;
	struct judged_side old, now;
	struct marker_pairs pairs; /* of now */
	enum drift_verdict verdict;
};

bool judging_is_file(uint32_t mode);

/* What is wrong with the markers, and ids without an entry. */
void judging_tell_markers(struct judging *j);
/* A change that nothing explains. */
int judging_tell_unrecorded(struct judging *j, struct err *err) MUST_CHECK;
/* A text with good markers, and other lines changed than theirs. */
int judging_tell_places(struct judging *j, struct err *err) MUST_CHECK;

#endif
