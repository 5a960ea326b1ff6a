#ifndef CAPTURE_REASONS_H
#define CAPTURE_REASONS_H

#include "common/git/repo.h"
#include "git-serversync/capture.h"

/*
 * Does the branch with this tip give each deletion of the capture the reason
 * that it has there? The newest commit that names a path counts; the captures
 * that an update has merged are looked at, too.
 */
bool capture_reasons_given(git_repository *repo, const git_oid *tip,
			   const struct capture *c);

#endif
