#ifndef EDIT_LOOK_H
#define EDIT_LOOK_H

#include "git-release/release_job.h"

/*
 * For a dry run: what the guard would find, asked from an agent that only
 * looks. Fills job->edits, as the reply to "stage" does for a real one; what
 * cannot be told is a warning.
 */
int edit_look(struct release_job *job, struct err *err) MUST_CHECK;

#endif
