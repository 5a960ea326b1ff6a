#ifndef SHIP_SOURCE_H
#define SHIP_SOURCE_H

#include "common/base/oid_index.h"
#include "common/git/blob_stream.h"
#include "common/wire/delta_send.h"

/*
 * Where the contents of a release are read from: the object database, or,
 * when many are needed, files of the work tree that hold the very same bytes.
 * Reading those and hashing them is several times faster than unpacking
 * objects; one that does not have the object id it should is read from the
 * object database, so nothing depends on the work tree.
 *
 * Two streams may be open at a time, as delta_send() needs.
 */
struct ship_stream {
	struct ship_source *source;
	struct blob_source blobs;
	struct strbuf file; /* a whole file of the work tree */
	size_t at;
	bool busy, from_file;
};

struct ship_source {
	struct ship_stream streams[2];
	git_index *index; /* NULL: the work tree is not used */
	int work_tree;
	struct oid_index by_id;
	struct delta_source calls; /* for delta_send() */
};

#define SHIP_STREAM_INIT                                                       \
	{                                                                      \
		.blobs = BLOB_SOURCE_INIT, .file = STRBUF_INIT                 \
	}
#define SHIP_SOURCE_INIT                                                       \
	{                                                                      \
		.streams = { SHIP_STREAM_INIT, SHIP_STREAM_INIT },             \
		.work_tree = -1                                                \
	}
void ship_source_release(struct ship_source *s);

/*
 * Finds what the work tree has when so many files, about, will be asked for
 * that it pays. Takes a moment with many files: best done while the network
 * is waited for. Done once, however often it is called.
 */
void ship_source_prepare(struct ship_source *s, git_repository *repo,
			 size_t files);
/* Then it can be read from; s must not move. */
int ship_source_open(struct ship_source *s, git_repository *repo,
		     struct err *err) MUST_CHECK;

#endif
