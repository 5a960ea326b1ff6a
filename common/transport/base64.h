#ifndef BASE64_H
#define BASE64_H

#include "common/base/strbuf.h"

/*
 * Standard base64 (RFC 4648) of keys and hashes. Decoding appends to out and
 * fails with -1, leaving out as it was, on anything that is not exactly that.
 */
int base64_decode(const char *s, size_t len, struct strbuf *out) MUST_CHECK;
/* Without the padding when "bare", as ssh shows fingerprints. */
void base64_encode(const void *data, size_t len, bool bare, struct strbuf *out);

#endif
