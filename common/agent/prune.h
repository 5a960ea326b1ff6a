#ifndef PRUNE_H
#define PRUNE_H

#include "common/agent/releases.h"
#include "common/base/strvec.h"

/*
 * Which releases go. Only releases of ours that were proven count for keep;
 * the live one and its rollback target always stay, foreign ones are nobody's
 * to prune, and so is one that a process still lives in.
 */

/* The releases to remove, oldest first: ids borrowed from r. */
void prune_select(const struct releases *r, uint64_t keep, struct strvec *out);

/*
 * The one of them to build the next release in, or NULL: not live for at
 * least recycle_after seconds, sealed, never below the last two good ones.
 */
const struct release *prune_recyclable(struct agent *a, const struct releases *r,
				       uint64_t keep, uint64_t recycle_after);

/* Removes what prune_select() says, and old agents; *removed counts releases.
 * Warns, never fails on a release that cannot be removed. */
int prune_run(struct agent *a, uint64_t keep, bool dry_run, size_t *removed,
	      struct err *err) MUST_CHECK;

/* The "prune" request: keep, dry-run. */
int prune_request(struct agent *a, const struct message *m,
		  struct err *err) MUST_CHECK;

/* Moves releases/<id> out of sight; ERR_REFUSED with a mount below it. */
int release_to_trash(struct agent *a, const char *id, struct err *err) MUST_CHECK;
/* Removes what .release/ knows of it, but for its log. */
void release_forget(struct agent *a, const char *id);
/* Removes what is in trash/; what cannot be removed is named and stays. */
void trash_empty(struct agent *a);

#endif
