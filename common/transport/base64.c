#include "common/base/base.h"
#include "common/transport/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "abcdefghijklmnopqrstuvwxyz0123456789+/";

static int value_of(char c)
{
	const char *at = c ? strchr(alphabet, c) : NULL;

	return at ? (int)(at - alphabet) : -1;
}

static int decode_group(const char *s, size_t digits, unsigned char *bytes)
{
	unsigned int bits = 0;
	size_t i;

	for (i = 0; i < digits; i++) {
		int v = value_of(s[i]);

		if (v < 0)
			return -1;
		bits = bits << 6 | (unsigned int)v;
	}
	bits <<= 6 * (4 - digits);
	bytes[0] = (unsigned char)(bits >> 16);
	bytes[1] = (unsigned char)(bits >> 8);
	bytes[2] = (unsigned char)bits;
	return 0;
}

int base64_decode(const char *s, size_t len, struct strbuf *out)
{
	size_t before = out->len, i;

	if (len % 4)
		return -1;
	for (i = 0; i < len; i += 4) {
		unsigned char bytes[3];
		size_t digits = 4;

		if (i + 4 == len && s[i + 3] == '=')
			digits = s[i + 2] == '=' ? 2 : 3;
		if (decode_group(s + i, digits, bytes) < 0 ||
		    strbuf_add(out, bytes, digits - 1) < 0) {
			strbuf_setlen(out, before);
			return -1;
		}
	}
	return 0;
}

void base64_encode(const void *data, size_t len, bool bare, struct strbuf *out)
{
	const unsigned char *p = data;
	size_t i, k;

	for (i = 0; i < len; i += 3) {
		size_t have = len - i < 3 ? len - i : 3;
		unsigned int bits = 0;

		for (k = 0; k < 3; k++)
			bits = bits << 8 | (k < have ? p[i + k] : 0U);
		for (k = 0; k < 4; k++)
			if (k <= have)
				strbuf_addch(
					out,
					alphabet[bits >> (18 - 6 * k) & 0x3f]);
			else if (!bare)
				strbuf_addch(out, '=');
	}
}
