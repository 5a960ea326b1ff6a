#ifndef LIVE_TREE_H
#define LIVE_TREE_H

#include "common/agent/agent.h"
#include "common/text/release_index.h"
#include "common/wire/scan_report.h"

/*
 * What is live, held open while it is looked at: the release that "current"
 * leads to, or the root itself where that is a checkout (of an "open" with
 * plain). The request names what the client takes to be live ("expect"), and
 * another one is ERR_REFUSED: a release was activated meanwhile.
 */
struct live_tree {
	enum scan_kind kind;
	char id[129]; /* "" for SCAN_PLAIN */
	int fd;
	struct stat st;		     /* of the directory */
	struct release_index sealed; /* empty but for SCAN_SEALED */
};
#define LIVE_TREE_INIT                                                         \
	{                                                                      \
		.fd = -1, .sealed = RELEASE_INDEX_INIT                         \
	}

/*
 * ERR_REFUSED also for a release that is gone or lies on another file system
 * than releases/: what is there now says nothing of what was deleted.
 */
int live_tree_open(struct agent *a, const struct message *m,
		   struct live_tree *t, struct err *err) MUST_CHECK;
void live_tree_release(struct live_tree *t);
#define AUTO_LIVE_TREE CLEANUP(live_tree_release)

/* Ask when all was looked at: is it the same one still? */
int live_tree_confirm(struct agent *a, const struct live_tree *t,
		      struct err *err) MUST_CHECK;

/* The hint of whatever leaves a capture undone. */
#define NOTHING_DELETED "nothing was taken for deleted, and nothing was changed"

#endif
