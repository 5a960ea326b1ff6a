#ifndef SCAN_CACHE_H
#define SCAN_CACHE_H

#include "common/wire/scan_report.h"

/*
 * The index of the last scan of a root, on the client: a file named after
 * host and root, which holds
 *
 *	git-release scan-cache 1 NL
 *	<release> NL
 *	(server | client) NL		who keeps it: this may be the only copy
 *	<index file>			common/wire/index_file.h
 *
 * Nothing here is an error: another scan finds it all out again.
 */
struct scan_cache {
	const char *dir; /* NULL: none */
	const char *host, *root, *release;
};

/* x stays empty when there is none of this release, or a damaged one. */
void scan_cache_load(const struct scan_cache *c, struct release_index *x,
		     enum scan_keeper *keeper);
void scan_cache_store(const struct scan_cache *c, const struct release_index *x,
		      enum scan_keeper keeper);

#endif
