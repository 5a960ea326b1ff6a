#ifndef LEDGER_LINE_H
#define LEDGER_LINE_H

#include "common/base/err.h"

/*
 * One line of the ledger, .release/journal: what happened to which release.
 *
 *	<seq> <time> <event> <release> <package> <version> <who> <note> <sum>
 *
 * with tabs between and a newline behind. Bytes that would break a line are
 * written %XX, an empty field is "-". sum is 16 hex digits over everything
 * before it: a torn or damaged line is seen, and skipped.
 */
enum ledger_event {
	LEDGER_STAGING,	   /* about to appear in releases/ */
	LEDGER_STAGED,	   /* is there, not sealed */
	LEDGER_PREPARED,   /* sealed: complete, verified, hooks done */
	LEDGER_ACTIVATING, /* about to become current */
	LEDGER_ACTIVE,	   /* is current */
	LEDGER_HEALTHY,	   /* everything after the switch went well */
	LEDGER_FAILED,	   /* never to be a rollback target */
	LEDGER_ROLLEDBACK, /* people went back from it to another one */
	LEDGER_BAD,	   /* found damaged */
	LEDGER_PRUNING,	   /* about to be removed, or to be recycled */
	LEDGER_PRUNED,	   /* gone */
	LEDGER_EVENTS
};

struct ledger_line {
	uint64_t seq;
	const char *time; /* 2026-08-20T09:21:00Z */
	enum ledger_event event;
	const char *release; /* its id */
	const char *package; /* object id in hex, or "" */
	const char *version; /* "" when it has none */
	const char *who;     /* user@machine */
	const char *note;
};

const char *ledger_event_name(enum ledger_event event);

/* Appends the line, its sum and newline included. */
void ledger_line_format(struct strbuf *out, const struct ledger_line *line);

/*
 * Splits one line (without its newline) in place: the strings point into it.
 * 0, or -1 when it is not a ledger line.
 */
int ledger_line_parse(char *text, struct ledger_line *line) MUST_CHECK;

/* A release id that can safely be a file name: [0-9A-Za-z][0-9A-Za-z._-]* */
bool release_id_ok(const char *id);

#endif
