#ifndef SIGNALS_H
#define SIGNALS_H

#include "common/base/err.h"

/*
 * Being interrupted, for commands that change things. The first SIGINT,
 * SIGTERM or SIGHUP is only noted: the job looks at safe places, undoes what
 * it began and ends with 130 or 143. SIGPIPE is ignored, so a lost view (a
 * pager that was quit, a dropped line) is only that. A SIGHUP that was ignored
 * at the start (nohup) stays ignored. Commands that only look leave all
 * signals alone.
 */
int signals_catch(struct err *err) MUST_CHECK;

/* 0, ERR_INTERRUPTED or ERR_TERMINATED; does not touch anything. */
int signals_pending(void);

/*
 * Asked once more, seconds after the first time: git hands its own signal on
 * to us, so that one Ctrl-C may come twice at once.
 */
bool signals_repeated(void);

/*
 * Fails with "interrupted" when a signal is pending; to be called where
 * stopping is safe.
 */
int signals_check(struct err *err) MUST_CHECK;

/*
 * From "true" to "false" a first signal is noted, and signals_check() and
 * signals_pending() answer as if there was none: for steps that have to be
 * gone through to their end once they have begun. A repeated one counts all the
 * same. What is run meanwhile through run_git.h is out of the reach of a Ctrl-C
 * at the terminal, and therefore cannot ask for anything there.
 */
void signals_hold(bool on);
bool signals_held(void);

#endif
