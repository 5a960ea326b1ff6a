#ifndef DELTA_BASE_H
#define DELTA_BASE_H

#include "common/agent/agent.h"
#include "common/text/manifest.h"
#include "common/text/release_index.h"

/*
 * The release that a delta builds upon: its package manifest, its index and
 * its directory. Opened for the reply to "open", kept for "stage".
 */
struct delta_base {
	char id[129];
	struct manifest manifest;
	struct release_index index; /* see delta_base_index() */
	int dir_fd;
};

/* ERR_NOTFOUND when manifest or directory is not there. */
int delta_base_open(struct agent *a, const char *id, struct delta_base **out,
		    struct err *err) MUST_CHECK;
/* Loads the index; one that is damaged stays empty: slower, never wrong. */
void delta_base_index(struct agent *a, struct delta_base *base);
void delta_base_free(struct delta_base *base);

#endif
