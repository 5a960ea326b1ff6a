#ifndef STAGE_H
#define STAGE_H

#include "common/agent/run.h"

/*
 * The "stage" request: receive a release, make it complete in releases/<id>,
 * run its pre and mid hooks, seal it. Nothing of the live path is touched.
 * Takes the fields out of m. On success a->run waits for the decision; on
 * failure everything is undone.
 */
int stage_request(struct agent *a, struct message *m, struct err *err) MUST_CHECK;

#endif
