#ifndef CAPTURE_MERGED_H
#define CAPTURE_MERGED_H

#include "git-serversync/capture.h"
#include "git-serversync/serversync_settings.h"

/*
 * Takes out of c what the review's target has already, just as it is on the
 * server: it was captured and merged, and waits for the next release. How many
 * files that were, and the name of the target, are in c then.
 *
 * Only where the target goes on from the live commit: elsewhere it may have
 * what somebody went back to on the server, and that is an edit.
 */
int capture_merged_drop(git_repository *repo,
			const struct serversync_settings *settings,
			struct capture *c, struct err *err) MUST_CHECK;

#endif
