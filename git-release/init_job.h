#ifndef INIT_JOB_H
#define INIT_JOB_H

#include "git-release/init_detect.h"
#include "git-release/session.h"

/*
 * "init": writes .gitrelease at the top of the work tree, or adds one more
 * environment to it. What would not load as settings is never written.
 */
struct init_job {
	const char *url;    /* NULL: an environment that is there is meant */
	const char *env;    /* NULL: production */
	const char *recipe; /* NULL: detected */
	bool adopt;	    /* the server is prepared, too */
	struct session session;
	struct project project;
	bool created, appended;
};
void init_job_release(struct init_job *job);
#define AUTO_INIT_JOB CLEANUP(init_job_release)

/* Writes the file, or finds the environment there (adopt only). */
int init_job_write(struct init_job *job, struct err *err) MUST_CHECK;

/*
 * Lays out the root on the server although it holds other files. Settings
 * are those of the work tree as written.
 */
int init_job_adopt(struct init_job *job, const struct host_listener *listener,
		   struct err *err) MUST_CHECK;

#endif
