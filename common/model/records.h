#ifndef RECORDS_H
#define RECORDS_H

#include "common/git/repo.h"

/*
 * What git itself remembers of deployments: refs/deployments/<env> names the
 * package that is live, and refs/notes/deployments holds, on the tagged
 * commit, one line of JSON per event. The server's ledger is the truth if
 * they differ.
 *
 * Each line begins with UTC time and event id, so that sorting lines and
 * dropping doubles (git notes merge -s cat_sort_uniq) joins two histories.
 */
#define RECORDS_NOTES_REF  "refs/notes/deployments"
#define RECORDS_ENV_PREFIX "refs/deployments/"

enum record_event { RECORD_RELEASED, RECORD_ROLLED_BACK, RECORD_FAILED };

struct record {
	int64_t at;	/* seconds since 1970 */
	const char *id; /* of the event; unique */
	enum record_event event;
	const char *env;
	const char *tag;
	const git_oid *package;	  /* may be NULL */
	const char *release;	  /* name on the server; may be NULL */
	const char *previous;	  /* release live before; may be NULL */
	const char *host;	  /* may be NULL */
	const char *who;	  /* "Name <mail>"; may be NULL */
	const char *reason;	  /* why it failed; may be NULL */
	int64_t milliseconds;	  /* that it took; 0: not known */
	uint64_t discarded_edits; /* made on the server, as it was told to */
};

/* Points refs/deployments/<env> at id, whatever it was before; id NULL
   deletes it. */
int records_set_live(git_repository *repo, const char *env, const git_oid *id,
		     const char *message, struct err *err) MUST_CHECK;
/* ERR_NOTFOUND when nothing was recorded. */
int records_get_live(git_repository *repo, const char *env, git_oid *id,
		     struct err *err) MUST_CHECK;

/* Appends the line to the note on commit; tries again if another one did. */
int records_append(git_repository *repo, const git_oid *commit,
		   const struct record *record, struct err *err) MUST_CHECK;
/* The line alone, with its newline. */
int records_line(const struct record *record, struct strbuf *out,
		 struct err *err) MUST_CHECK;

/* Calls cb for each line (no newline, any bytes) on commit, oldest first. */
int records_each(git_repository *repo, const git_oid *commit,
		 int (*cb)(const char *line, size_t len, void *ctx), void *ctx,
		 struct err *err) MUST_CHECK;

/* Calls cb for each commit that has records, in no order. */
int records_each_commit(git_repository *repo,
			int (*cb)(const git_oid *commit, void *ctx,
				  struct err *err),
			void *ctx, struct err *err) MUST_CHECK;

#endif
