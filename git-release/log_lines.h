#ifndef LOG_LINES_H
#define LOG_LINES_H

#include "common/host/host.h"

/*
 * The server's ledger as the reply to "log" brings it, oldest first. All of
 * it is text from outside: bounded by the message, quoted when shown.
 */
struct log_line {
	uint64_t seq;
	const char *time, *event, *release, *package, *version, *who, *note;
	int64_t at;   /* time in seconds since 1970, -1: not in order */
	int64_t took; /* ms since its run began, at the run's end, else -1 */
	int64_t live_for; /* seconds that it was live, of "active"; else -1 */
	/* Of records in notes only; else NULL. */
	const char *environment, *id, *previous, *host;
};

struct log_lines {
	struct strvec texts; /* what the lines point into */
	struct log_line *v;
	size_t nr, alloc;
};
#define LOG_LINES_INIT                                                         \
	{                                                                      \
		.texts = STRVEC_INIT                                           \
	}
void log_lines_release(struct log_lines *l);
#define AUTO_LOG_LINES CLEANUP(log_lines_release)

/* More than this is never asked for: a reply has a ceiling. */
#define LOG_LINES_MAX 5000

/*
 * Asks for the newest "limit" lines. A run whose beginning is older than that
 * has no duration.
 */
int log_lines_ask(struct host *h, uint64_t limit, struct log_lines *out,
		  struct err *err) MUST_CHECK;

/*
 * Fills took and live_for. A run of a release begins with "staging", or with
 * "activating" when it was there already, and ends with "healthy" or
 * "failed"; a release is live until another one is "active".
 */
void log_lines_measure(struct log_lines *l);

/* The lines of a reply; ERR_FAILED when one is out of order. */
int log_lines_take(struct log_lines *out, const struct message *reply,
		   struct err *err) MUST_CHECK;

/* Is it the last that became live, and did everything after it go well? */
bool log_lines_proven(const struct log_lines *l, const char *id);

/* Since when a release has been live, or NULL. */
const char *log_lines_since(const struct log_lines *l, const char *id);

#endif
