#ifndef RUN_GIT_H
#define RUN_GIT_H

#include "common/base/strvec.h"
#include "common/sys/proc.h"

#include <git2.h>

/*
 * The jobs left to the git program: what honours credential helpers, hooks,
 * filters and signatures as the user has set them up.
 *
 * A command runs for the repository given (--git-dir), wherever we are, in
 * the user's environment, with settings given by "git -c" still in force, and
 * with refs/replace out of force, as libgit2 ignores them too. With
 * "elsewhere" everything that ties git to the caller's repository is taken
 * out of the environment (git rev-parse --local-env-vars). While signals are
 * held (signals.h) it has a process group of its own and cannot ask.
 */
struct git_cmd {
	struct strvec argv;   /* behind "git" */
	struct strvec env;    /* "NAME=value" to set, "NAME" to unset */
	git_repository *repo; /* borrowed; NULL: git looks itself */
	bool elsewhere;
	bool prompts; /* may ask on the terminal; else it must not */
	const void *input;
	size_t input_len;
	int timeout_ms; /* 0: none */
};
#define GIT_CMD_INIT                                                           \
	{                                                                      \
		.argv = STRVEC_INIT, .env = STRVEC_INIT                        \
	}
void git_cmd_release(struct git_cmd *cmd);
#define AUTO_GIT_CMD CLEANUP(git_cmd_release)

/* The names "git rev-parse --local-env-vars" prints; NULL-ended. */
extern const char *const git_local_env_vars[];

/*
 * Runs it to its end. stdout goes to out (NULL: dropped), which should carry
 * a strbuf_limit(). An exit status other than 0 is ERR_FAILED with the last
 * "fatal:" or "error:" line of stderr, quoted and bounded, in the message.
 */
int git_cmd_run(const struct git_cmd *cmd, struct strbuf *out,
		struct err *err) MUST_CHECK;
/* The same, but *status is the caller's to judge. errors may be NULL. */
int git_cmd_status(const struct git_cmd *cmd, struct strbuf *out,
		   struct strbuf *errors, int *status,
		   struct err *err) MUST_CHECK;

/*
 * Starts it and returns: for streaming (spec's in, out, errors, dirfd are
 * used; argv and env are filled here) and for overlapping with other work.
 */
int git_cmd_start(const struct git_cmd *cmd, struct proc_spec *spec,
		  struct proc *out, struct err *err) MUST_CHECK;

/* Adds git's own explanation from stderr to err, and returns code. */
int git_cmd_failed(struct err *err, int code, const char *what,
		   const struct strbuf *errors);

#endif
