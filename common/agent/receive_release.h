#ifndef RECEIVE_RELEASE_H
#define RECEIVE_RELEASE_H

#include "common/agent/run.h"

/*
 * Reads the stream behind a "stage" request and builds the release in
 * tmp/<token>/tree: the manifest first; then unchanged files are copied (or a
 * release recycled) while the frames arrive. What cannot be made from what is
 * here is asked for once: the "want" reply, answered by a "resend" request.
 */
int receive_release(struct agent *a, struct run *run, struct err *err) MUST_CHECK;

#endif
