#ifndef RECYCLE_H
#define RECYCLE_H

#include "common/agent/run.h"

/*
 * Instead of copying every unchanged file, the directory of a release that
 * pruning would remove anyway becomes the new one: what differs is removed,
 * everything else is proven by the stat its index recorded. The work then
 * grows with the change, not with the application.
 *
 * Sets run->tree_fd and marks what is there in run->done and run->lines: the
 * lines of the old index that hold become lines of the new one as they are.
 * *used is false when there is no such release, or something about it is not
 * as recorded: then nothing was changed, but for a release less that was to go
 * anyway.
 */
int recycle_try(struct agent *a, struct run *run, bool *used,
		struct err *err) MUST_CHECK;

/*
 * Something was made or removed in that directory: what the old index says of
 * it no longer holds. False when it is not there from the old release.
 */
bool recycle_touch(struct run *run, const char *dir, size_t len);

#endif
