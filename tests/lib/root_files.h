#ifndef ROOT_FILES_H
#define ROOT_FILES_H

#include "common/base/strvec.h"

/*
 * A release root as the tests see it: what is in it, listed so that two lists
 * can be compared. Knows the layout, but shares no decision with the agent.
 */

/* The names in a directory, sorted; none when it is not there. */
void names_in(int at, const char *name, struct strvec *out);

/*
 * One line for each path below at/name, sorted: type, permissions, object id
 * of the content, path. -1 when something cannot be read.
 */
int list_tree(int at, const char *name, struct strvec *out);

/* A digest of list_tree(): what bit-identical means. */
int digest_tree(int at, const char *name, char hex[65]);

/* What the ledger's lines say, replayed in the simplest way. */
struct told {
	char live[129], last_staging[129];
	struct strvec proven;	  /* once healthy, in order of becoming live */
	struct strvec unfinished; /* staging, but never decided */
	size_t damaged;
	bool torn;
};

int read_ledger(int dot, struct told *out);
void told_clear(struct told *t);

bool in_list(const struct strvec *list, const char *s);

#endif
