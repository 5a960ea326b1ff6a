#ifndef TAIL_H
#define TAIL_H

#include "common/base/strbuf.h"

#include <pthread.h>

/*
 * The end of what a program wrote on stderr: the last TAIL_MAX bytes, however
 * much it writes. One thread adds, another may look.
 */
#define TAIL_MAX 8192

struct tail {
	pthread_mutex_t lock;
	char bytes[TAIL_MAX];
	size_t len;
};

void tail_init(struct tail *t);
void tail_destroy(struct tail *t);
void tail_add(struct tail *t, const char *data, size_t len);
/* Appends it made printable, its lines kept, no newline at the end. */
void tail_show(struct tail *t, struct strbuf *out);
/* Only the last line that is not blank. */
void tail_show_last(struct tail *t, struct strbuf *out);

#endif
