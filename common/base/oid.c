#include "common/base/base.h"
#include "common/base/oid.h"

/* The value of a hex digit plus one; 0 for what is none. */
static const unsigned char hex_plus_one[256] = {
	['0'] = 1,  ['1'] = 2,	['2'] = 3,  ['3'] = 4,	['4'] = 5,  ['5'] = 6,
	['6'] = 7,  ['7'] = 8,	['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
	['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
};

int oid_from_hex(const char *hex, struct oid *oid)
{
	struct oid parsed;
	int i;

	for (i = 0; i < OID_RAWSZ; i++) {
		int hi = hex_plus_one[(unsigned char)hex[2 * i]];
		int lo;

		/* One at a time: the string may end after the first. */
		if (!hi)
			return -1;
		lo = hex_plus_one[(unsigned char)hex[2 * i + 1]];
		if (!lo)
			return -1;
		parsed.b[i] = (unsigned char)((hi - 1) << 4 | (lo - 1));
	}
	*oid = parsed;
	return 0;
}

char *oid_to_hex(const struct oid *oid, char out[OID_HEXSZ + 1])
{
	static const char digits[] = "0123456789abcdef";
	int i;

	for (i = 0; i < OID_RAWSZ; i++) {
		out[2 * i] = digits[oid->b[i] >> 4];
		out[2 * i + 1] = digits[oid->b[i] & 15];
	}
	out[OID_HEXSZ] = '\0';
	return out;
}

bool oid_eq(const struct oid *a, const struct oid *b)
{
	return !memcmp(a->b, b->b, OID_RAWSZ);
}

int oid_cmp(const struct oid *a, const struct oid *b)
{
	return memcmp(a->b, b->b, OID_RAWSZ);
}
