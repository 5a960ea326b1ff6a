#ifndef HOST_TAKE_H
#define HOST_TAKE_H

#include "common/host/host.h"
#include "common/wire/scan_report.h"
#include "common/wire/take_stream.h"

/*
 * The contents of files that a scan has named. Only what git does not have of
 * them travels, where an older release on the server still has the old ones.
 */
struct host_take_file {
	const char *path; /* in the release */
	uint32_t mode;	  /* of the scan: a file or a link, its target then */
	uint64_t size;	  /* at most TAKE_FILE_MAX */
	struct oid oid, old;
	bool has_old; /* old() has these contents, of before the edit */
};

struct host_take {
	const struct scan_report *from;
	const struct host_take_file *files;
	size_t nr;
	/* Appends the contents with this id to out. */
	int (*old)(void *ctx, const struct oid *oid, struct strbuf *out,
		   struct err *err);
	/* Content i, once its id has proven it; borrowed for the call. */
	int (*file)(void *ctx, size_t i, const struct strbuf *content,
		    struct err *err);
	void *ctx;
};

/*
 * Calls file() for each, in order. ERR_REFUSED when one of them has changed
 * since the scan, or a release was activated meanwhile: what file() got until
 * then is to be thrown away.
 */
int host_take(struct host *h, const struct host_take *take,
	      struct err *err) MUST_CHECK;

#endif
