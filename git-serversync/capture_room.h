#ifndef CAPTURE_ROOM_H
#define CAPTURE_ROOM_H

#include "common/git/repo.h"
#include "git-serversync/capture.h"

/*
 * A tree cannot hold a file where it has a directory, nor the other way round,
 * and making room means to delete: only what was given a reason goes. NULL when
 * there is room for the file in the tree, else in a few words why there is
 * none, for capture_why().
 */
int capture_room(const struct capture *c, git_tree *base,
		 const struct capture_file *f, const char **why,
		 struct err *err) MUST_CHECK;

#endif
