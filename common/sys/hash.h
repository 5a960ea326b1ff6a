#ifndef HASH_H
#define HASH_H

#include "common/base/oid.h"

#include <openssl/sha.h>

/*
 * Streaming digests. OpenSSL's low-level functions, and only in hash.c: the
 * agent links statically, and EVP would make it three times as big.
 *
 * A blob id is SHA-1 over "blob <size>", a NUL and the bytes, as git hashes a
 * file; the size is therefore needed before the first byte.
 */
struct blob_hash {
	SHA_CTX sha;
};

void blob_hash_init(struct blob_hash *h, uint64_t size);
void blob_hash_update(struct blob_hash *h, const void *data, size_t len);
/* Ends it; h must be initialised again before further use. */
void blob_hash_final(struct blob_hash *h, struct oid *oid);

#define SHA256_HEXSZ 64

struct sha256 {
	SHA256_CTX sha;
};

void sha256_init(struct sha256 *h);
void sha256_update(struct sha256 *h, const void *data, size_t len);
/* Writes SHA256_HEXSZ lower-case digits and a NUL. */
void sha256_final_hex(struct sha256 *h, char out[SHA256_HEXSZ + 1]);

#endif
