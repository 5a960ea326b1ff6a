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

/* Asks for the newest "limit" lines. */
int log_lines_ask(struct host *h, uint64_t limit, struct log_lines *out,
		  struct err *err) MUST_CHECK;

/* The lines of a reply; ERR_FAILED when one is out of order. */
int log_lines_take(struct log_lines *out, const struct message *reply,
		   struct err *err) MUST_CHECK;

/* Is it the last that became live, and did everything after it go well? */
bool log_lines_proven(const struct log_lines *l, const char *id);

/* Since when a release has been live, or NULL. */
const char *log_lines_since(const struct log_lines *l, const char *id);

#endif
