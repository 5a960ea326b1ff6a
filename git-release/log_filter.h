#ifndef LOG_FILTER_H
#define LOG_FILTER_H

#include "git-release/log_lines.h"

/* Which lines of a log somebody wants to see; NULL and 0: all of them. */
struct log_filter {
	const char *since, *until; /* as they were typed */
	struct strvec events;
	const char *by; /* part of who it was, in any case */
	/* Either of them: the tag of a version, the name of a release. */
	const char *version, *release;
	const char *environment;
	int64_t from, to; /* of since and until; to is not in it any more */
};
#define LOG_FILTER_INIT                                                        \
	{                                                                      \
		.events = STRVEC_INIT, .from = INT64_MIN, .to = INT64_MAX      \
	}

/*
 * Reads since and until: a UTC time as clock_parse() takes it, where a day or
 * a minute given as until is in it as a whole, or a time that has passed since
 * ("90m", "2d"). known is the blank-separated list of events that there are.
 * ERR_USAGE for anything else.
 */
int log_filter_read(struct log_filter *f, int64_t now, const char *known,
		    struct err *err) MUST_CHECK;

bool log_filter_wants(const struct log_filter *f, const struct log_line *line);

/* Does it want anything less than everything? */
bool log_filter_is_set(const struct log_filter *f);

/* Keeps the newest max lines that are wanted. */
void log_filter_apply(const struct log_filter *f, uint64_t max,
		      struct log_lines *lines);

#endif
