#ifndef INTERRUPT_H
#define INTERRUPT_H

#include "common/base/err.h"

/*
 * SIGINT, SIGTERM and SIGHUP as an answer, not an end: what is under way is
 * undone, then the command exits with 130 or 143. main() calls
 * interrupt_catch(); whatever waits or loops for long asks interrupt_check().
 * Blocking calls return EINTR. Children get the default actions back.
 */
void interrupt_catch(void);

/* 0, or ERR_INTERRUPTED or ERR_TERMINATED once such a signal came. */
int interrupt_check(struct err *err) MUST_CHECK;

#endif
