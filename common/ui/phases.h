#ifndef PHASES_H
#define PHASES_H

#include "common/base/strbuf.h"

/*
 * What the main job shows, the same on a terminal and in a log:
 *
 *	Releasing v1.2.0 (abc1234) to production (web1.example.com)
 *	  prepare   v1.1.0 is live, 12.4 GiB free                       0.4s
 *	  ship      22 files changed, 4.4 KiB sent                      0.3s
 *	Released v1.2.0 to production in 4.6s; roll back with: ...
 *
 * A phase's line is printed when it ends. While it runs, a terminal on stderr
 * shows one line in place (name, percent, bytes, rate), not before
 * PHASES_DELAY_MS, at most every PHASES_REFRESH_MS, and takes it away again
 * before anything else is printed. Hook output is printed as it comes, each
 * line behind "  | ". All text is made safe (screen.h).
 *
 *	struct phases p;
 *
 *	phases_init(&p, stdout, verbosity);
 *	phases_say(&p, "Releasing %s to %s", tag, env);
 *	phases_start(&p, "prepare");
 *	phases_done(&p, "%s is live, %s free", live, space);
 *	...
 *	phases_elapsed(&p, &total);
 *	phases_say(&p, "Released %s in %s", tag, total.buf);
 *	phases_release(&p);
 */
enum {
	PHASES_DELAY_MS = 500,
	PHASES_REFRESH_MS = 100,
	PHASES_TEXT_COLUMN = 12, /* where what was done starts */
	PHASES_TIME_COLUMN = 68	 /* where the time ends at the right */
};

struct phases {
	FILE *out; /* the lines */
	FILE *tty; /* the line in place, NULL when nobody would see it */
	bool quiet;
	int64_t (*now)(void); /* clock_ms(), or a test's own */
	int64_t begun, phase_begun, drawn;
	const char *name;    /* the phase that runs, or NULL */
	size_t columns;	     /* of the line in place that is shown */
	struct strbuf child; /* an unfinished line of a hook's output */
};

/* "verbosity" below 0 prints failures only. "out" is borrowed. */
void phases_init(struct phases *p, FILE *out, int verbosity);
void phases_release(struct phases *p);

/* One line of its own, unless quiet. */
void phases_say(struct phases *p, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* "name" must live until the phase ends. */
void phases_start(struct phases *p, const char *name);
/* Another name for the phase that runs: only its end tells what it was. */
void phases_rename(struct phases *p, const char *name);
/* Ends the phase with what it did. */
void phases_done(struct phases *p, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Ends it without a line, when there was nothing to do. */
void phases_skip(struct phases *p);

/* How far the phase is; total 0 when that is not known. Cheap to call. */
void phases_progress(struct phases *p, uint64_t bytes, uint64_t total);

/* Output of a hook or build command, in any pieces. */
void phases_output(struct phases *p, const char *data, size_t len);

/* Appends the time since phases_init(), as "4.6s". */
void phases_elapsed(const struct phases *p, struct strbuf *out);

#endif
