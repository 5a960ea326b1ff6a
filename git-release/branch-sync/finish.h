#ifndef FINISH_H
#define FINISH_H

#include "git-release/branch-sync/sync_job.h"

/*
 * The end of a release: on a branch to go on working, with a clean tree.
 *
 *	finish_check()	before anything moves: can it be switched to?
 *	finish_switch()	when all has moved
 *	finish_run()	the commands of branchsync.finish
 *	finish_left()	what a person still has to do
 */

/*
 * ERR_REFUSED where changes or something under way are in the way. Comes
 * behind sync_local_check().
 */
int finish_check(const struct sync_job *job, struct err *err) MUST_CHECK;

/* Checks it out; one that is only on the remote is made, and follows it. */
int finish_switch(const struct sync_job *job, struct err *err) MUST_CHECK;

/*
 * Runs the commands at the top of the work tree, by sh, until one fails. What
 * they print goes to stderr.
 */
int finish_run(const struct sync_job *job, struct err *err) MUST_CHECK;

/* Appends one line for each thing. */
int finish_left(const struct sync_job *job, struct strvec *out,
		struct err *err) MUST_CHECK;

#endif
