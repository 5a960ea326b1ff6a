/* The EVP calls that replace these would triple the agent's size. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "common/base/base.h"
#include "common/sys/hash.h"

void blob_hash_init(struct blob_hash *h, uint64_t size)
{
	char header[32];
	int len = snprintf(header, sizeof(header), "blob %" PRIu64, size);

	SHA1_Init(&h->sha);
	SHA1_Update(&h->sha, header, (size_t)len + 1);
}

void blob_hash_update(struct blob_hash *h, const void *data, size_t len)
{
	SHA1_Update(&h->sha, data, len);
}

void blob_hash_final(struct blob_hash *h, struct oid *oid)
{
	SHA1_Final(oid->b, &h->sha);
}

void sha256_init(struct sha256 *h)
{
	SHA256_Init(&h->sha);
}

void sha256_update(struct sha256 *h, const void *data, size_t len)
{
	SHA256_Update(&h->sha, data, len);
}

void sha256_final_hex(struct sha256 *h, char out[SHA256_HEXSZ + 1])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char raw[SHA256_HEXSZ / 2];
	size_t i;

	SHA256_Final(raw, &h->sha);
	for (i = 0; i < sizeof(raw); i++) {
		out[2 * i] = digits[raw[i] >> 4];
		out[2 * i + 1] = digits[raw[i] & 15];
	}
	out[SHA256_HEXSZ] = '\0';
}
