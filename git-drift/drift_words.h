#ifndef DRIFT_WORDS_H
#define DRIFT_WORDS_H

#include "common/base/err.h"
#include "common/base/strvec.h"

/*
 * Appends what a shell may offer for "what": "baselines" (the tags of
 * drift.baseline), "revisions" (branches, tags and what is tracked) or
 * "environments" (of which something is known to be live). Nothing outside
 * this repository is asked.
 */
int drift_words(const char *what, struct strvec *out, struct err *err) MUST_CHECK;

#endif
