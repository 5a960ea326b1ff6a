#ifndef SCAN_KEEP_H
#define SCAN_KEEP_H

#include "common/agent/agent.h"
#include "common/text/release_index.h"

/*
 * What a scan found out by reading, kept for the next one: an index file
 * .release/scan/<id>. That, .release itself and the agent in it are all that a
 * look at a release ever writes. Losing it costs time, nothing else.
 */

/* x stays empty when there is none, or a damaged one. */
void scan_keep_load(struct agent *a, const char *id, struct release_index *x);

/* False when it cannot be kept here. */
bool scan_keep_store(struct agent *a, const char *id, const struct strbuf *file);

/* Removes those of releases that are gone. */
void scan_keep_tidy(struct agent *a);

#endif
