#ifndef TOLD_H
#define TOLD_H

#include "common/base/base.h"

/*
 * What an agent tells while it works (struct host_listener): its kind as plain
 * data. The text that comes with it is from outside, and quoted when shown.
 */
enum told_kind { TOLD_PHASE, TOLD_LINE, TOLD_WARNING, TOLD_NOTE, TOLD_OTHER };

enum told_kind told_kind(const char *kind);

#endif
