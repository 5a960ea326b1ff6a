#ifndef SCAN_ORIGIN_H
#define SCAN_ORIGIN_H

#include "common/agent/live_tree.h"

/*
 * The commit that a release says it was made from, in r->revision and, where
 * it has a name, r->target: its file REVISION (Capistrano, and we), Deployer's
 * .dep/releases_log, or .git/HEAD of a plain checkout. Nothing is followed
 * that leads elsewhere; what cannot be read says nothing.
 */
void scan_origin_find(struct agent *a, const struct live_tree *t,
		      struct scan_report *r);

#endif
