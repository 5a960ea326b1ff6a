#ifndef REVIEW_TARGET_H
#define REVIEW_TARGET_H

#include "git-serversync/serversync_settings.h"

/*
 * The branch that a review is against: serversync.target, else the one that
 * the remote begins with. As the remote has it by the last fetch, for the
 * review is there; else as it is here.
 *
 * 1 with its commit and its name, "origin/main", which the caller frees; 0
 * when nothing tells which it is; ERR_FAILED when the one that is set is
 * neither here nor there.
 */
int review_target_find(git_repository *repo,
		       const struct serversync_settings *settings, git_oid *id,
		       char **name, struct err *err) MUST_CHECK;

#endif
