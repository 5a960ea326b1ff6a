#ifndef BLOB_STREAM_H
#define BLOB_STREAM_H

#include "common/git/repo.h"
#include "common/sys/proc.h"

/*
 * Reads one blob from its beginning to its end. Up to BLOB_WHOLE_MAX bytes it
 * comes from libgit2 in one piece; a larger one flows through a
 * "git cat-file --batch" child that is kept for the next, so memory stays
 * bounded whatever the size.
 *
 * One blob_source serves many blobs, one after the other.
 */
#define BLOB_WHOLE_MAX (16u << 20)

struct blob_source {
	git_repository *repo; /* borrowed */
	git_odb *odb;
	git_odb_object *whole;
	struct proc cat;
	uint64_t size, left; /* of the open blob */
};
#define BLOB_SOURCE_INIT                                                       \
	{                                                                      \
		.cat = PROC_INIT                                               \
	}
int blob_source_init(struct blob_source *src, git_repository *repo,
		     struct err *err) MUST_CHECK;
void blob_source_release(struct blob_source *src);
#define AUTO_BLOB_SOURCE CLEANUP(blob_source_release)

/* ERR_NOTFOUND when the object database lacks it. *size is optional. */
int blob_open(struct blob_source *src, const git_oid *id, uint64_t *size,
	      struct err *err) MUST_CHECK;
/* Up to len bytes; *got 0 only at the end. */
int blob_read(struct blob_source *src, void *buf, size_t len, size_t *got,
	      struct err *err) MUST_CHECK;
/* May be called before the end. */
void blob_close(struct blob_source *src);

#endif
