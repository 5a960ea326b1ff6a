#ifndef CAPTURE_CONTENTS_H
#define CAPTURE_CONTENTS_H

#include "common/git/repo.h"
#include "common/host/host_take.h"
#include "git-serversync/capture.h"

/*
 * What is taken from the server, and what is not and why. Told by name and
 * kind first, so that no more travels than has to; then by content, before a
 * byte of it is in the object database: a secret never gets there.
 *
 * Deletions that have a reason are "taken" already (capture_deletions.h).
 */
struct capture_taking {
	git_repository *repo;
	git_tree *base; /* of the live commit, all of it */
	git_tree *last; /* of the newest capture here; NULL: there is none */
	struct host *host;
	const struct scan_report *report; /* what c was made from */
	uint64_t max_file_size;
	bool look_only; /* write no object */
};

/*
 * Gives every file of c its class and decides. ERR_REFUSED when the release or
 * a file of it changed meanwhile: then c is of no more use.
 */
int capture_contents_take(const struct capture_taking *t, struct capture *c,
			  struct err *err) MUST_CHECK;

#endif
