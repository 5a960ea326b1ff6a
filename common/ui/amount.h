#ifndef AMOUNT_H
#define AMOUNT_H

#include "common/base/strbuf.h"

/* Numbers as people read them. All append to out. */

/* "812 bytes", "1 byte", "4.4 KiB", "24.0 MiB", "12.4 GiB": as git does. */
void amount_add_size(struct strbuf *out, uint64_t bytes);

/* "2,998" */
void amount_add_count(struct strbuf *out, uint64_t n);

/* "1 file", "2,998 files" */
void amount_add_things(struct strbuf *out, uint64_t n, const char *one,
		       const char *many);

/*
 * One more part of a list: ", 3 modified", without the comma when out is empty;
 * nothing at all for 0.
 */
void amount_add_part(struct strbuf *out, uint64_t n, const char *what);

/* Time that passed: "0.4s", "59.9s", "1m05s", "2h03m", "3d04h". */
void amount_add_elapsed(struct strbuf *out, uint64_t milliseconds);

#endif
