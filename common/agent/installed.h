#ifndef INSTALLED_H
#define INSTALLED_H

#include "common/agent/run.h"

/*
 * Everything a release consists of at the moment it is sealed: the entries of
 * its index, sorted by path.
 */
struct installed {
	struct run *run;
	struct index_entry *entries; /* their paths are owned */
	size_t nr, alloc;
	size_t found; /* package files among them */
};

/*
 * Reads the whole tree, as needed once hooks have run: what they made
 * belongs to the release; what they changed of the package is refused unless
 * it is declared writable.
 */
int installed_scan(struct installed *in, struct err *err) MUST_CHECK;

/*
 * The same without looking at every file again: nobody but us has touched the
 * tree, so what was recorded as each file was made still holds.
 */
int installed_recall(struct installed *in, struct err *err) MUST_CHECK;

void installed_release(struct installed *in);

#endif
