#ifndef DEADLINE_H
#define DEADLINE_H

#include "common/base/base.h"

#include <pthread.h>

/*
 * Deadlines in milliseconds of the monotonic clock, so that a clock set while
 * we wait changes nothing.
 */
int64_t deadline_in(int ms);
/* What is left, for poll(); 0 when it has passed. */
int deadline_left(int64_t deadline);

/* pthread_create() with all signals blocked: they belong to main(). */
int thread_start(pthread_t *thread, void *(*run)(void *), void *arg) MUST_CHECK;

#endif
