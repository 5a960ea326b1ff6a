#ifndef INSTALLED_H
#define INSTALLED_H

#include "common/agent/run.h"

struct index_list {
	struct index_entry *entries;
	size_t nr, alloc;
};

/*
 * Everything a release consists of at the moment it is sealed, in three parts
 * sorted by path: what is known from the manifest, what was looked at, and the
 * lines of the recycled release's index that hold (LINE_HOLDS).
 */
struct installed {
	struct run *run;
	struct index_list known;	  /* paths are the manifest's */
	struct index_list seen;		  /* paths are owned */
	size_t found;			  /* package files among those seen */
	const struct release_index *held; /* borrowed; NULL: none */
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
