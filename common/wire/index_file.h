#ifndef INDEX_FILE_H
#define INDEX_FILE_H

#include "common/sys/hash.h"
#include "common/text/release_index.h"

/*
 * A release index (common/text/release_index.h) from its first to its last
 * line, which holds the sum of all before it: what is kept in files on the
 * server and on the client, and travels between them.
 */

/* Ends what release_index_add() made; at is nanoseconds since 1970. */
void index_file_end(struct strbuf *out, uint64_t at);

/* Takes the bytes out of raw. ERR_FAILED when it is damaged. */
int index_file_parse(struct release_index *x, struct strbuf *raw,
		     struct err *err) MUST_CHECK;

/* The sum of one that was parsed: its name among those who have it. */
void index_file_sum(const struct release_index *x, char out[SHA256_HEXSZ + 1]);

#endif
