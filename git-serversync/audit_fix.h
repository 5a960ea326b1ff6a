#ifndef AUDIT_FIX_H
#define AUDIT_FIX_H

#include "git-serversync/symmetry_audit.h"

/*
 * A patch for "git apply" that protects what is not protected yet, in the
 * workflow (workflow_patch.h). Nothing when nothing is missing. ERR_REFUSED
 * when the paths are not in a workflow.
 */
int audit_fix(const struct symmetry_audit *a,
	      const struct serversync_settings *settings, struct strbuf *patch,
	      struct err *err) MUST_CHECK;

#endif
