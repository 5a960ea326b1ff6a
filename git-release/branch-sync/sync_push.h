#ifndef SYNC_PUSH_H
#define SYNC_PUSH_H

#include "git-release/branch-sync/sync_job.h"

/*
 * The remote's side: one atomic push that moves every branch that is behind,
 * and the tag, each only from where it was when it was judged (a lease is a
 * compare-and-swap), then a look at what the remote has.
 *
 * Returns 0 only when the remote was seen to have all of it, though the line
 * may have been lost after the push. ERR_REFUSED and ERR_FAILED: it was seen
 * that nothing moved. ERR_UNKNOWN: it could not be seen, or some moved.
 */
int sync_push(struct sync_job *job, struct err *err) MUST_CHECK;

/* There is something to push. */
bool sync_pushes(const struct sync_job *job);

#endif
