#ifndef TAG_JOB_H
#define TAG_JOB_H

#include "git-release/release_branch.h"

/*
 * "git release tag": an annotated tag that is on the remote and here, or on
 * neither.
 *
 *	tag_job_check(&job, err)	looks, fetches, changes nothing
 *	tag_job_run(&job, err)		makes, pushes, reads back
 *
 * The tag object is made by git, so that keys and their programs are those
 * the user has set up, but in a repository of its own: until the remote has
 * it, no ref of ours but TAGGING_PREFIX<tag> names it. When the push is refused
 * nothing is left; when we are killed, that ref tells the same command, run
 * again, whether what the remote has is ours.
 */
#define TAGGING_PREFIX "refs/git-release/tagging/"

struct tag_options {
	const char *version, *to, *commit;
	struct strvec messages; /* -m, one paragraph each */
	const char *file;	/* -F; "-" is the standard input */
	bool allow_lower, dry_run;
};

struct tag_job {
	struct tag_options options;
	struct session session;
	struct release_branch branch;
	char *name, *ref; /* "v1.2.0", "refs/tags/v1.2.0" */
	git_oid commit;	  /* what is tagged */
	git_oid object;	  /* the tag, once it is made */
	struct strbuf message;
	bool finishing; /* an earlier run was killed behind its push */
	bool is_signed;
	struct strvec warnings;
};
#define TAG_JOB_INIT                                                           \
	{                                                                      \
		.options = { .messages = STRVEC_INIT },                        \
		.message = STRBUF_INIT, .warnings = STRVEC_INIT                \
	}
void tag_job_release(struct tag_job *job);
#define AUTO_TAG_JOB CLEANUP(tag_job_release)

/*
 * ERR_REFUSED when the tag is there already, here or on the remote, is not
 * later than the newest one, or the commit is not on the release branch.
 */
int tag_job_check(struct tag_job *job, struct err *err) MUST_CHECK;

/*
 * ERR_UNDONE when the push was refused; ERR_UNKNOWN when it cannot be told
 * whether the remote has the tag: then the same command finishes.
 */
int tag_job_run(struct tag_job *job, struct err *err) MUST_CHECK;

/* The message: what was given, else what the CHANGELOG of the commit says. */
int tag_message(struct tag_job *job, struct err *err) MUST_CHECK;

/* ERR_REFUSED unless the version is later than every tag, here and there. */
int tag_check_order(struct tag_job *job, const struct remote_refs *refs,
		    struct err *err) MUST_CHECK;

#endif
