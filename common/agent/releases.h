#ifndef RELEASES_H
#define RELEASES_H

#include "common/agent/agent.h"
#include "common/base/oid.h"

/*
 * What is there: the directories of releases/ joined with what the ledger
 * says of them. The link "current" is the truth about what is live; where
 * the ledger differs it is mended by repair_root().
 */
enum release_state {
	RELEASE_FOREIGN,  /* a directory that the ledger does not know */
	RELEASE_STAGED,	  /* not sealed: nobody may see it */
	RELEASE_PREPARED, /* sealed, was never live */
	RELEASE_ACTIVE,	  /* is or was live, not proven */
	RELEASE_HEALTHY,  /* was live and proven: a rollback target */
	RELEASE_ROLLEDBACK,
	RELEASE_FAILED,
	RELEASE_BAD
};

struct release {
	char *id;
	enum release_state state;
	char package[OID_HEXSZ + 1]; /* "" when unknown */
	char *version;		     /* never NULL */
	uint64_t staged_seq;	     /* 0: foreign */
	uint64_t live_seq;	     /* when it last became live; 0: never */
	time_t left_at;		     /* when it last ceased to be; 0: never */
	bool proven; /* everything after a switch went well once */
	bool live;
	bool present; /* its directory exists */
};

/* A switch whose end the ledger does not tell: the run was interrupted. */
struct unfinished_switch {
	char id[129];	/* to this one; "" when there is none */
	char from[129]; /* from this one, or "" */
	bool rollback;
	bool failed; /* it was about to be taken back */
};

struct releases {
	struct release *v; /* oldest first: foreign by name, ours by seq */
	size_t nr, alloc;
	struct unfinished_switch unfinished;
	/*
	 * Lines of the ledger up to this number are lost, or its end is: what
	 * it says of older releases is no ground to remove one.
	 */
	uint64_t lost_seq;
	bool lost_end;
	const struct release *live; /* NULL: nothing is live */
	char live_id[129];	    /* "" when current is absent */
};
#define RELEASES_INIT                                                          \
	{                                                                      \
		0                                                              \
	}

int releases_load(struct agent *a, struct releases *r, struct err *err) MUST_CHECK;
void releases_release(struct releases *r);
#define AUTO_RELEASES CLEANUP(releases_release)

const char *release_state_name(enum release_state state);

const struct release *releases_find(const struct releases *r, const char *id);

/* The default rollback target: the newest proven one that was live before. */
const struct release *releases_previous(const struct releases *r);

/* Does the ledger tell all about it? Only then may it be removed. */
bool releases_certain(const struct releases *r, const struct release *rel);

/*
 * The id that a link in the root with this text leads to, in id (129 bytes);
 * false when it leads anywhere but right into releases/. Trims the text.
 */
bool releases_of_text(struct agent *a, char *text, char *id);

/*
 * The id "current" points to, in id (129 bytes); "" when there is no link.
 * ERR_FAILED when it is no link, or leads anywhere else.
 */
int releases_current(struct agent *a, char *id, struct err *err) MUST_CHECK;

#endif
