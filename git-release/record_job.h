#ifndef RECORD_JOB_H
#define RECORD_JOB_H

#include "common/text/changelog.h"
#include "git-release/session.h"

/*
 * "git release record": what is unreleased in the CHANGELOG becomes the
 * section of a version, and the project card says what is current.
 *
 *	record_job_find(&job, err)	reads, decides, changes nothing
 *	record_job_write(&job, err)	writes the files, commits on request
 *
 * Each file is old or new at any moment. Run again it changes nothing, and
 * finishes what an earlier run left.
 */
enum record_part { RECORD_CHANGELOG, RECORD_CARD, RECORD_PARTS };

struct record_file {
	char *path; /* from the top of the work tree; NULL: there is none */
	struct strbuf before, after;
	mode_t mode;
	bool changed;	  /* before and after differ */
	bool commits;	  /* differs from what HEAD has, by ours alone */
	git_oid recorded; /* what HEAD will have then */
};

struct record_field {
	char *name, *value;
	char *before; /* what the card says now; NULL: the same */
	bool found;
};

struct record_options {
	const char *version;
	const char *date;    /* "2026-11-26"; NULL: the tag's */
	const char *message; /* of the commit; NULL: "Record release v1.2.0" */
	bool commit, dry_run;
};

struct record_job {
	struct record_options options;
	struct session session;
	int top; /* the work tree */
	char *name;
	char date[11];
	struct record_file files[RECORD_PARTS];
	struct changelog_outcome outcome;
	struct record_field *fields;
	size_t nr_fields;
	bool committed;
	git_oid commit; /* what was committed */
	struct strvec warnings;
};
void record_job_init(struct record_job *job);
void record_job_release(struct record_job *job);
#define AUTO_RECORD_JOB CLEANUP(record_job_release)

int record_job_find(struct record_job *job, struct err *err) MUST_CHECK;
int record_job_write(struct record_job *job, struct err *err) MUST_CHECK;

/* The fields of the card as configured, else the two that everybody has. */
int record_read_fields(struct record_job *job, struct err *err) MUST_CHECK;

/* What the file would become, from these bytes; any of them. */
int record_apply(struct record_job *job, enum record_part part,
		 const struct strbuf *before, struct strbuf *after,
		 struct err *err) MUST_CHECK;

/*
 * Sets files[].commits; ERR_REFUSED when a file that is to be committed has
 * other changes, staged or not.
 */
int record_check_commit(struct record_job *job, struct err *err) MUST_CHECK;
/* git commit, with its hooks, of these files and nothing else. */
int record_commit(struct record_job *job, struct err *err) MUST_CHECK;

#endif
