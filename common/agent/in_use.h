#ifndef IN_USE_H
#define IN_USE_H

#include "common/agent/agent.h"

/*
 * True when a process that we may look at has its working directory, its
 * program, an open file or a mapping below releases/<id>. Processes of other
 * users cannot be looked at: hence recycleAfter.
 */
bool release_in_use(struct agent *a, const char *id);

#endif
