#ifndef URL_TEXT_H
#define URL_TEXT_H

#include "common/base/strbuf.h"

/* Pieces of web addresses (RFC 3986). */

/* A letter, a digit, or one of "-._~": stands for itself everywhere. */
bool url_is_plain(char c);

/* Appends text percent-encoded, but for plain characters and those in except. */
void url_add_encoded(struct strbuf *out, const char *text, const char *except);

/* How many bytes at p can be part of an address. */
size_t url_length(const char *p);

/* Is it an address on the web from its first byte to its last? */
bool url_is_web(const char *text);

#endif
