#ifndef WAIT_OPTION_H
#define WAIT_OPTION_H

#include "common/base/err.h"

/* --wait[=<time>]: milliseconds to wait for the lock. NULL text: none. */
int wait_option_parse(const char *text, uint64_t *ms, struct err *err) MUST_CHECK;

#endif
