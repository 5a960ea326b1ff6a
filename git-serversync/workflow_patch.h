#ifndef WORKFLOW_PATCH_H
#define WORKFLOW_PATCH_H

#include "git-serversync/workflow_paths.h"

/*
 * The text of a workflow with more paths in GIT_ONLY_PATHS, in every place that
 * has it, written in the way of the place: a line for each path where each
 * has one, an item where there is a list, behind the others where they share a
 * line. A workflow without the variable gets it in an "env" of its own.
 *
 * paths is a NULL-ended list. What was written is read again; ERR_FAILED when
 * it would not say what it should, so that the person has to do it.
 */
struct workflow_change {
	const struct workflow_text *text;
	const struct workflow_paths *values; /* as read from text */
	const char *const *paths;
};

int workflow_patch_text(const struct workflow_change *c, struct strbuf *out,
			struct err *err) MUST_CHECK;

#endif
