#ifndef OID_H
#define OID_H

#include "common/base/base.h"

/* A git object id (SHA-1), the identity of every file in this project. */
#define OID_RAWSZ 20
#define OID_HEXSZ 40

struct oid {
	unsigned char b[OID_RAWSZ];
};

/*
 * Reads exactly OID_HEXSZ lower-case hex digits; what follows them is the
 * caller's business. 0, or -1 when one of them is anything else.
 */
int oid_from_hex(const char *hex, struct oid *oid) MUST_CHECK;
/* Writes OID_HEXSZ digits and a NUL; returns out. */
char *oid_to_hex(const struct oid *oid, char out[OID_HEXSZ + 1]);

bool oid_eq(const struct oid *a, const struct oid *b);
/* As memcmp(). */
int oid_cmp(const struct oid *a, const struct oid *b);

#endif
