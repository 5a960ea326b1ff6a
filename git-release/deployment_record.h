#ifndef DEPLOYMENT_RECORD_H
#define DEPLOYMENT_RECORD_H

#include "common/model/records.h"
#include "git-release/session.h"

/*
 * What git remembers of one event on one environment: a line in the notes of
 * the tagged commit and refs/deployments/<env>, then the push of both. The
 * server knows better, so whatever fails here is only a warning.
 */
struct deployment_event {
	struct session *session;
	enum record_event event;
	const char *tag;
	const git_oid *commit;	  /* the tagged one; NULL: unknown, no note */
	const git_oid *package;	  /* NULL: unknown */
	const char *release;	  /* id on the server, or NULL */
	const char *previous;	  /* id, "" or NULL */
	const char *host;	  /* NULL: never reached */
	const char *reason;	  /* why it failed, or NULL */
	uint64_t discarded_edits; /* made on the server */
};

/* The note alone. */
void deployment_note(const struct deployment_event *e, struct strvec *warnings);

/* The note, and refs/deployments/<env> at the package, or gone without one. */
void deployment_went_live(const struct deployment_event *e,
			  struct strvec *warnings);

/* Pushes refs/deployments/<env>, the notes, and one more ref (or NULL). */
void deployment_push(struct session *s, const char *package_ref,
		     struct strvec *warnings);

/* Removes packages beyond keepPackages; what is live anywhere stays. */
void deployment_prune_packages(struct session *s, struct strvec *warnings);

#endif
