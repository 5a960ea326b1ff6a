#ifndef CHILD_H
#define CHILD_H

#include "common/base/err.h"
#include "common/base/strvec.h"
#include "common/transport/tail.h"

/*
 * A program at the other end of a socket pair: its stdin and stdout are one
 * end, its stderr is collected into a tail by a thread of its own.
 */
struct child {
	pid_t pid; /* 0: not running, or given up on */
	int stderr_fd, wake;
	struct tail *tail;
	pthread_t drainer;
	bool draining;
};
#define CHILD_INIT                                                             \
	{                                                                      \
		.stderr_fd = -1, .wake = -1                                    \
	}

struct child_spec {
	const struct strvec *argv; /* argv[0] is looked up on PATH */
	const char *cwd;	   /* NULL: ours */
	/*
	 * Stays in our process group, so that it can ask on the terminal.
	 * Otherwise a ^C that we handle does not also hit the child.
	 */
	bool may_prompt;
	struct tail *tail; /* outlives the child */
};

/* *fd gets our end: blocking, close-on-exec. */
int child_start(struct child *c, const struct child_spec *spec, int *fd,
		struct err *err) MUST_CHECK;

/*
 * To be called once our end is closed. Waits for the child to end; one that
 * has not after wait_ms gets SIGTERM if "kill_late", else it is left to
 * itself. Returns its exit status (128+n for signal n), -1 when unknown.
 */
int child_finish(struct child *c, int wait_ms, bool kill_late);

/*
 * Runs argv to its end without input and appends its stdout to out. What it
 * said on stderr is in the message of a failure, which an exit status other
 * than 0 is, too.
 */
int child_capture(const struct strvec *argv, int timeout_ms, struct strbuf *out,
		  struct err *err) MUST_CHECK;

#endif
