#ifndef SYNC_JOB_H
#define SYNC_JOB_H

#include "common/git/worktrees.h"
#include "common/model/settings.h"
#include "common/model/version_tag.h"
#include "git-release/branch-sync/tip.h"

/*
 * One run of "git branch-sync", in the order of its steps:
 *
 *	sync_open()		repository, settings, names
 *	sync_fetch()		the source, the branches, the tag
 *	sync_judge()		where every branch stands
 *	sync_local_check()	may the branches here be moved? (sync_local.h)
 *	sync_push()		the remote: all of it or nothing (sync_push.h)
 *	sync_local_move()	the branches here
 *
 * Nothing but remote-tracking refs and fetched tags changes before
 * sync_push(). The source is the branch "from" as the remote has it.
 */
struct sync_options {
	const char *from, *remote; /* NULL: as configured */
	const char *tag;	   /* NULL: none */
	char *const *branches;	   /* NULL-ended; none: as configured */
	const char *back_merge;	   /* this one alone; NULL: branches */
	const char *finish;	   /* check this one out then; NULL: none */
};

struct sync_branch {
	char *name;	/* "main", valid behind refs/heads/ */
	char *ref;	/* "refs/heads/main" */
	char *tracking; /* "refs/remotes/origin/main" */
	struct tip remote;
	struct tip local; /* only with has_local */
	bool has_local;
	bool moved; /* here, by somebody else, when it was locked */
};

struct sync_job {
	git_repository *repo;
	struct config config;
	struct settings settings;
	char *from, *from_tracking, *remote;
	char *finish; /* valid behind refs/heads/; NULL: none */
	bool finish_is_here;
	struct strvec urls; /* where the remote is pushed to */
	git_oid source;
	struct sync_branch *branches;
	size_t nr, alloc;
	struct worktrees trees;
	char *tag_name; /* with the prefix; NULL: none is wanted */
	const char *tag_prefix;
	bool tag_signed;	/* "signed = tag" */
	struct version_tag tag; /* name NULL: it is still to be made */
	struct strvec warnings;
};
#define SYNC_JOB_INIT                                                          \
	{                                                                      \
		.config = CONFIG_INIT, .tag = VERSION_TAG_INIT                 \
	}
void sync_job_release(struct sync_job *job);
#define AUTO_SYNC_JOB CLEANUP(sync_job_release)

/*
 * ERR_REFUSED when the history that is seen here is not the one the remote
 * has: a shallow clone, grafts, replaced objects.
 */
int sync_open(struct sync_job *job, const struct sync_options *options,
	      struct err *err) MUST_CHECK;

/* A branch that the remote lacks is ERR_FAILED and named. */
int sync_fetch(struct sync_job *job, struct err *err) MUST_CHECK;

/*
 * Fills the tips. That a branch has diverged is no error here, but
 * sync_diverged() then says so, and the tips are explained. A tag that is
 * there must be one of the source's tip: ERR_REFUSED.
 */
int sync_judge(struct sync_job *job, struct err *err) MUST_CHECK;
bool sync_diverged(const struct sync_job *job);

/* The branch here is to be moved. */
bool sync_moves_local(const struct sync_branch *b);
/* It has diverged in another way than the one on the remote. */
bool sync_local_diverged(const struct sync_branch *b);

#endif
