#ifndef ADVICE_H
#define ADVICE_H

#include "git-release/branch-sync/sync_job.h"

/*
 * What a branch that has diverged is, in a person's words, and the commands
 * that mend it without losing a commit: none of them forces anything.
 */
struct advice {
	struct strbuf what;	/* "has all of production, and more" */
	struct strbuf then;	/* what the commands do */
	struct strvec commands; /* to be pasted into a shell: quoted for it */
};
#define ADVICE_INIT                                                               \
	{                                                                         \
		.what = STRBUF_INIT, .then = STRBUF_INIT, .commands = STRVEC_INIT \
	}
void advice_release(struct advice *a);
#define AUTO_ADVICE CLEANUP(advice_release)

/* here: about the local branch, else about the remote's. a must be fresh. */
void advice_give(const struct sync_job *job, const struct sync_branch *b,
		 bool here, struct advice *a);

/* The command that lists all commits of its own; appended. */
void advice_add_log(const struct sync_job *job, const struct sync_branch *b,
		    bool here, struct strbuf *out);

/* text as one word of a shell's command line; appended. */
void advice_add_word(struct strbuf *out, const char *text);

#endif
