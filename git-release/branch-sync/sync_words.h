#ifndef SYNC_WORDS_H
#define SYNC_WORDS_H

#include "common/base/err.h"
#include "common/base/strvec.h"

/* "--completion branches": what the remotes have, without their names. */
int sync_words(const char *what, struct strvec *out, struct err *err) MUST_CHECK;

#endif
