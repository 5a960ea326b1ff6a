#ifndef HTTPS_MEMORY_H
#define HTTPS_MEMORY_H

#include "common/base/err.h"

/*
 * Gets libcurl ready, once, with memory that is wiped when it is let go of:
 * requests hold tokens, and libcurl copies them.
 */
int https_memory_init(struct err *err) MUST_CHECK;

#endif
