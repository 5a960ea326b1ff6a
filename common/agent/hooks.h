#ifndef HOOKS_H
#define HOOKS_H

#include "common/agent/run.h"

/*
 * The user's commands on the server: "sh -c" in the release's final path, as
 * the login would run them (its umask and environment, default signals), plus
 * GIT_RELEASE_*; stdin is /dev/null, the process group is their own. What
 * they print is shown live, each line prefixed, and kept in log/<id>; both are
 * capped. A hook that outlives the timeout is ended, first with SIGTERM.
 *
 * point is "pre", "mid", "post" or "fail"; the commands are the fields
 * "<point>-hook" of m, each with a letter and a blank in front: "w " when a
 * failure is a warning only, "- " else.
 */
struct hook_context {
	const struct message *m;
	const char *id, *previous, *version, *package;
	uint64_t timeout; /* seconds, of each */
};

/* *ran counts them. ERR_UNDONE says which one failed and how. */
int hooks_run(struct agent *a, const char *point, const struct hook_context *h,
	      size_t *ran, struct err *err) MUST_CHECK;

#endif
