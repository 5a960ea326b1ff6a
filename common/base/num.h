#ifndef NUM_H
#define NUM_H

#include "common/base/base.h"

/*
 * Numbers from outside: decimal, no sign, no blanks, no overflow, nothing
 * behind them. All return 0, or -1 when the text is anything else.
 */
int num_parse_u64(const char *s, size_t len, uint64_t *out) MUST_CHECK;
int num_parse_u32(const char *s, size_t len, uint32_t *out) MUST_CHECK;

/* Octal, as in modes. */
int num_parse_octal(const char *s, size_t len, uint32_t *out) MUST_CHECK;

/* "90", "90s", "10m", "1h", "2d" in seconds. */
int num_parse_duration(const char *s, uint64_t *seconds) MUST_CHECK;

/* "500", "500k", "10m", "1G" in bytes; the units are powers of 1024. */
int num_parse_size(const char *s, uint64_t *bytes) MUST_CHECK;

#endif
