#ifndef REPORT_H
#define REPORT_H

#include "common/base/err.h"

/*
 * What goes to stderr, in git's words: "fatal:" when a command could not run
 * at all, "error:" otherwise, "warning:" for what does not change the result,
 * "hint:" for the next command to type (unless advice.releaseHints is false).
 * Every line of a longer message gets the prefix, so no text from outside can
 * pass for one of ours, and control characters and broken UTF-8 are shown
 * escaped. Only cmd_*.c files and main.c print.
 */
void report_fatal(const char *fmt, ...) PRINTF_LIKE(1, 2);
void report_error(const char *fmt, ...) PRINTF_LIKE(1, 2);
void report_warning(const char *fmt, ...) PRINTF_LIKE(1, 2);
void report_hint(const char *fmt, ...) PRINTF_LIKE(1, 2);

/*
 * Prints the failure and its hint; returns the exit status that stands for
 * its code, so that a command ends with "return report_failure(&err);".
 */
int report_failure(const struct err *err);

/*
 * The last thing main() does: a report that could not be written must not
 * look like success. Returns status, or 128 when status was 0 and stdout is
 * broken. A reader that went away (EPIPE) is only that: status is kept.
 */
int report_finish_stdout(int status) MUST_CHECK;

#endif
