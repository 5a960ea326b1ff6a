#ifndef RECYCLE_H
#define RECYCLE_H

#include "common/agent/run.h"

/*
 * Instead of copying every unchanged file, the directory of a release that
 * pruning would remove anyway becomes the new one: what differs is removed,
 * everything else is proven by the stat its index recorded. The work then
 * grows with the change, not with the application.
 *
 * Sets run->tree_fd and marks what is there in run->done. *used is false when
 * there is no such release, or something about it is not as recorded: then
 * nothing was changed, but for a release less that was to go anyway.
 */
int recycle_try(struct agent *a, struct run *run, bool *used,
		struct err *err) MUST_CHECK;

#endif
