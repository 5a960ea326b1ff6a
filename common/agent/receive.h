#ifndef RECEIVE_H
#define RECEIVE_H

#include "common/agent/run.h"
#include "common/wire/delta_receive.h"

/* Where the delta's files come from and go to: the store of one run. */
struct receive_store {
	struct run *run;
	struct tree from, tree, seed;
	/* The old file that was read last. */
	size_t old_entry;
	int old_fd;
	/* The new file that is being written. */
	int fd;
	bool dropped; /* nobody wants it: it is there, or goes nowhere */
	struct strbuf target;
};

void receive_store_init(struct receive_store *s, struct run *run);
void receive_store_release(struct receive_store *s);
/* The callbacks, for delta_receive_new(); they point to s. */
struct delta_store receive_store_callbacks(struct receive_store *s);

#endif
