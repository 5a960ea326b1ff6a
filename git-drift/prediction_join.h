#ifndef PREDICTION_JOIN_H
#define PREDICTION_JOIN_H

#include "git-drift/prediction.h"
#include "git-drift/rename_match.h"

/*
 * The first half of a prediction: every path that a side changed, with what
 * each side has there, judged by that alone; files that moved brought
 * together. FATE_BOTH, FATE_RENAMED_* and FATE_ADDED_BOTH still have to be
 * merged; ->v is sorted by path.
 */
int prediction_join(git_repository *repo, const struct drift_settings *settings,
		    struct prediction *p, struct err *err) MUST_CHECK;

/* Does this side add or change anything below the directory path? */
bool prediction_lives_below(const struct tree_delta *side, const char *path);

#endif
