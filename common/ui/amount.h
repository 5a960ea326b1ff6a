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

/* Time that passed: "0.4s", "59.9s", "1m05s", "2h03m", "3d04h". */
void amount_add_elapsed(struct strbuf *out, uint64_t milliseconds);

#endif
