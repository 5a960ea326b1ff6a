#ifndef CAPTURE_NAMES_H
#define CAPTURE_NAMES_H

#include "common/base/err.h"
#include "common/base/strvec.h"

/*
 * Appends the branches of captures of the repository we are in: those that are
 * here, and those that a remote had when it was fetched; each once, sorted.
 */
int capture_names(struct strvec *out, struct err *err) MUST_CHECK;

#endif
