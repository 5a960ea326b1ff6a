#ifndef CAPTURED_EDITS_H
#define CAPTURED_EDITS_H

#include "common/git/repo.h"
#include "common/text/edit_judge.h"

/*
 * What was edited on the server, captured (git-serversync(1)) and merged is in
 * the history of what is about to be released, and is not lost by a release
 * that has something newer there. These are the files of each commit between
 * the live commit and the new one that says of itself that it is a capture
 * (capture_trailers.h), as they came with it: content and mode, or, when it
 * gives the reason, that they are gone.
 *
 * What "git serversync reject" took out again is none of them: for a commit
 * that names a file so, neither what the captures below it have there, nor the
 * same in a capture beside it. A capture on top of it counts.
 */
struct captured_edits_request {
	git_repository *repo;
	git_oid live, tip;	     /* commits */
	const char *subdirectory;    /* that is released; NULL: all of it */
	const struct manifest *next; /* what it has needs not be known */
};

/* Beyond these nothing is known of any file. */
#define CAPTURED_COMMITS_MAX 20000u
#define CAPTURED_SAID_MAX    200u
/* Of the edits, by their paths; what is more is left out. */
#define CAPTURED_BYTES_MAX ((size_t)4 << 20)

/*
 * Adds them to j, in the order of their paths and each once. On failure, such
 * as a history that is not all here, nothing is added.
 */
int captured_edits_find(const struct captured_edits_request *req,
			struct edit_judge *j, struct err *err) MUST_CHECK;

#endif
