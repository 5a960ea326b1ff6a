#ifndef BUILD_RUN_H
#define BUILD_RUN_H

#include "common/base/strvec.h"
#include "git-release/package_build.h"

/*
 * Runs the shell lines of a build, one after the other, in dir. They are the
 * project's own, committed with it, and run as the user who releases.
 *
 * Each gets its own process group (what it leaves running is killed), no
 * stdin, and this environment only: PATH, HOME, USER, LOGNAME, SHELL, TMPDIR,
 * LANG, LC_*, the proxy and certificate variables, TERM=dumb,
 * GIT_RELEASE_VERSION, GIT_RELEASE_TAG, GIT_RELEASE_COMMIT, and
 * GIT_CEILING_DIRECTORIES=ceiling, so that no repository is found around it.
 * In particular no GIT_DIR and no ssh agent.
 *
 * ERR_UNDONE when one fails; the message names it and its status.
 */
int build_run(int dir, const char *ceiling, const struct strvec *commands,
	      const struct build_request *req, struct err *err) MUST_CHECK;

#endif
