#ifndef SYNC_LOCAL_H
#define SYNC_LOCAL_H

#include "git-release/branch-sync/sync_job.h"

/*
 * The branches here, and the work trees that have them checked out.
 *
 * A work tree is brought to the new commit by git itself ("git read-tree -m
 * -u"), which keeps every edit, while the refs are locked; then all refs move
 * at once. Whoever is killed in between leaves a work tree that is ahead of
 * its branch: the next run knows it by its content, and moves the branch.
 */

/*
 * ERR_REFUSED when a branch may not be moved now: it is being rebased or
 * bisected somewhere, or is checked out where something would be lost.
 */
int sync_local_check(struct sync_job *job, struct err *err) MUST_CHECK;

/*
 * Moves every branch that is here and behind, and remote-tracking refs that
 * the push did not move. All or none; on failure the work trees are as they
 * were.
 */
int sync_local_move(struct sync_job *job, struct err *err) MUST_CHECK;

#endif
