#ifndef PRINTABLE_H
#define PRINTABLE_H

#include "common/base/strbuf.h"

/*
 * Bytes from outside, made fit for a terminal or a log: control characters
 * and everything beyond ASCII become \n, \t, \ooo and so on, as git quotes
 * paths (core.quotePath), so that no escape sequence survives.
 */
void printable_add(struct strbuf *out, const char *s, size_t len);
/* The same between double quotes, with " and \ escaped. */
void printable_quote(struct strbuf *out, const char *s, size_t len);

#endif
