#ifndef COPY_H
#define COPY_H

#include "common/agent/run.h"

/*
 * The files that did not change: reflinked where the file system can, else
 * copied, from the release that is live, by threads of their own while the
 * stream still arrives. Never hard-linked: an application that edits a file
 * in place would edit the rollback target too.
 *
 * A file is taken only if its stat is what the index recorded; else it is
 * hashed, and one that was edited or is gone is left undone, to be asked for.
 */
struct copy_job;

/* Is there a file to copy at all? A recycled release has nearly all. */
bool copy_is_needed(const struct run *run);

struct copy_job *copy_start(struct run *run);
/* Joins the threads; the first hard error is reported. Frees the job. */
int copy_finish(struct copy_job *job, struct err *err) MUST_CHECK;

/*
 * Makes one new entry from an open source directory's file; the id is proven.
 * ERR_NOTFOUND when the source is not what it should be.
 */
int copy_entry(struct run *run, struct tree *from, const char *from_path,
	       struct tree *to, size_t entry, struct err *err) MUST_CHECK;

#endif
