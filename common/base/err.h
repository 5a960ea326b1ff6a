#ifndef ERR_H
#define ERR_H

#include "common/base/strbuf.h"

/*
 * How a failure travels.
 *
 * A function that can fail takes "struct err *err" last, returns 0 on success
 * and one of the negative codes below on failure. It fills err exactly once,
 * where the failure is found; callers pass the code up and may put context in
 * front with err_prefix(). Nothing below a cmd_*.c file prints, and nothing
 * below main() exits. err is not touched on success, so one err can serve a
 * chain of calls.
 *
 * The numbers cross the wire between client and agent: never renumber.
 */
enum err_code {
	ERR_FAILED = -1,      /* could not be done; nothing was changed */
	ERR_NOTFOUND = -2,    /* the named thing does not exist */
	ERR_REFUSED = -3,     /* the answer is no; nothing was changed */
	ERR_LOCKED = -4,      /* somebody else holds the lock */
	ERR_UNDONE = -5,      /* failed, and every change was undone */
	ERR_UNKNOWN = -6,     /* outcome unknown, or undoing failed too */
	ERR_USAGE = -7,	      /* wrong usage, found after parsing */
	ERR_INTERRUPTED = -8, /* SIGINT; undone */
	ERR_TERMINATED = -9,  /* SIGTERM or SIGHUP; undone */
	ERR_UNSUITABLE = -10  /* this way cannot work, another one may */
};

struct err {
	int code;
	struct strbuf msg;
	struct strbuf hint; /* the next command to type; may be empty */
};
#define ERR_INIT                                                               \
	{                                                                      \
		.msg = STRBUF_INIT, .hint = STRBUF_INIT                        \
	}

void err_release(struct err *err);
#define AUTO_ERR CLEANUP(err_release)

/* All return the code, so "return err_set(err, ERR_REFUSED, ...)" works. */
int err_set(struct err *err, int code, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* The message gets ": <strerror(errno)>"; the code is ERR_FAILED. */
int err_sys(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Puts "<context>: " in front of a message that is already set. */
int err_prefix(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Sets the hint; returns the code already set, so it can end a return. */
int err_hint(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The process exit status that stands for a code, as in git-release(1). */
int err_exit_status(int code);

#endif
