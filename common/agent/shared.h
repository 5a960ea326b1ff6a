#ifndef SHARED_H
#define SHARED_H

#include "common/agent/run.h"

/*
 * shared/ and what links into it. Nothing in shared/ is ever removed or
 * overwritten: what is missing there is made, from what the package has at
 * that path, else as an empty directory or file.
 */

/* Reads the "shared" fields and sees which are missing in shared/. */
int shared_survey(struct agent *a, struct run *run, struct err *err) MUST_CHECK;

/* Is this a shared path, or below one? */
bool shared_covers(const struct run *run, const char *path);

/* Is there a file or link with this content at the same path in shared/? */
bool shared_has(struct agent *a, const char *path, const struct oid *oid);

/* Marks in run->places, all PLACE_RELEASE yet, what goes elsewhere. */
void shared_assign(struct run *run);

/* Fills what is missing and makes the links, those of "link" fields too. */
int shared_link(struct agent *a, struct run *run, struct err *err) MUST_CHECK;

/* REVISION and release.json. */
int release_describe(struct agent *a, struct run *run, struct err *err) MUST_CHECK;

#endif
