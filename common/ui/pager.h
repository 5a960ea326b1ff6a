#ifndef PAGER_H
#define PAGER_H

#include "common/base/err.h"

/*
 * Long listings on a terminal go through the pager, chosen as git does:
 * $GIT_PAGER, core.pager, $PAGER, less; an empty one or "cat" means none.
 * With LESS=FRX and LV=-c, unless these are set. A pager is a command line of
 * the person at the terminal and therefore runs through sh, as git's does;
 * nothing from outside is ever part of it.
 */
struct pager {
	pid_t pid;     /* 0: none runs */
	int saved_out; /* the terminal, while the pager stands in for it */
};
#define PAGER_INIT                                                             \
	{                                                                      \
		.saved_out = -1                                                \
	}

/*
 * Puts a pager between stdout and the terminal. Does nothing when stdout is no
 * terminal, when git's own pager is in use or none is wanted, and when it
 * cannot be started. "setting" is core.pager or NULL.
 */
void pager_start(struct pager *p, const char *setting);

/*
 * Waits until the reader is done. Closing the pager early is no error: the
 * rest of the listing is dropped.
 */
void pager_finish(struct pager *p);
#define AUTO_PAGER CLEANUP(pager_finish)

#endif
