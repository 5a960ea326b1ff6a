#ifndef OLD_AGENTS_H
#define OLD_AGENTS_H

#include "common/agent/agent.h"

/*
 * Removes agents that other versions of the client left in .release/bin.
 *
 * Stay: the one that is running here, the two others that were installed
 * last, what a process runs, and what was installed or, as far as the file
 * system notes it, started within a day. So a client of another version that
 * is just starting finds its agent; should it not, it brings it along again.
 * On a full disk, where none can be brought, one that has just served stays.
 * Nothing goes when this program is none of them (it runs from memory, or on
 * this machine itself), or when the directory is somebody else's.
 *
 * Of clocks nothing depends here but how long a file of ours is kept. What
 * cannot be removed stays; nobody has to know.
 */
void old_agents_remove(struct agent *a);

#endif
