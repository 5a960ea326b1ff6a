#ifndef HOOK_PROCESS_H
#define HOOK_PROCESS_H

#include "common/agent/agent.h"
#include "common/base/strvec.h"

/* What is shown and kept of one hook's output, each. */
#define HOOK_OUTPUT_MAX (1u << 20)

struct hook_process {
	const char *command;
	const struct strvec *env; /* "NAME=value", added to ours */
	int cwd_fd;
	int log_fd;	  /* -1: nowhere */
	uint64_t timeout; /* seconds */
};

struct hook_result {
	int status;
	int signal; /* 0: it ended by itself */
	bool timed_out;
};

/*
 * Runs it to its end. A daemon that it leaves behind and that holds its
 * output open is not waited for. Fails only when it could not be started.
 */
int hook_process_run(struct agent *a, const struct hook_process *p,
		     struct hook_result *result, struct err *err) MUST_CHECK;

#endif
