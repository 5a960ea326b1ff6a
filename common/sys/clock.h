#ifndef CLOCK_H
#define CLOCK_H

#include "common/base/base.h"

#include <time.h>

/* Milliseconds that only ever grow; for deadlines and durations. */
int64_t clock_ms(void);

#define CLOCK_STAMP_SIZE 21

/* The UTC time as 2026-08-20T09:21:00Z. */
void clock_stamp(time_t when, char out[CLOCK_STAMP_SIZE]);

/*
 * Reads a UTC time back: 2026-08-20T09:21:00Z, also without the seconds, the
 * "Z", or all of the time of day, and with a blank for the "T". *length (may
 * be NULL) gets how many seconds such a text stands for: 86400 for a day.
 * -1 when it is anything else, or there is no such day.
 */
int clock_parse(const char *text, int64_t *when, int64_t *length) MUST_CHECK;

#define CLOCK_ID_SIZE 15

/* The UTC time as a release id: 20260820092100. */
void clock_release_id(time_t when, char out[CLOCK_ID_SIZE]);

#endif
