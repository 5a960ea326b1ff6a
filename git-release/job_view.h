#ifndef JOB_VIEW_H
#define JOB_VIEW_H

#include "common/host/host.h"

/*
 * What an agent tells, as plain data: split here, shown by cmd_*.c. The
 * phases that happen on the server are known by their ends.
 */
enum told_kind { TOLD_PHASE, TOLD_LINE, TOLD_WARNING, TOLD_NOTE, TOLD_OTHER };

enum told_kind told_kind(const char *kind);

/*
 * A phase's name, one of ours so that it can be kept ("ship", "link", "pre",
 * "mid", "activate", "post", "cleanup"), or NULL; *rest is what follows it.
 */
const char *told_phase(const char *text, const char **rest);

#endif
