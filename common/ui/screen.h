#ifndef SCREEN_H
#define SCREEN_H

#include "common/base/strbuf.h"

/*
 * Text as a terminal may show it. Names, tags and the output of servers and
 * hooks come from outside; none of it may move the cursor, change colours,
 * reorder what is read or pass for one of our own lines.
 */

/*
 * Appends text with everything but printable UTF-8, tab and newline written
 * as \ooo, byte by byte: C0 and C1 controls, DEL, direction overrides
 * (U+202A-U+202E, U+2066-U+2069) and bytes that are no UTF-8. A backslash
 * stays as it is: this is for eyes, not for reading back.
 */
void screen_add_safe(struct strbuf *out, const char *text, size_t len);

/* The same for text that must stay on one line: tab and newline go as well. */
void screen_add_line(struct strbuf *out, const char *text, size_t len);

/*
 * Columns that text takes. Combining marks count 0, East Asian wide characters
 * and emoji 2, everything else 1: the ranges that matter, not all of Unicode.
 */
size_t screen_width(const char *text, size_t len);

/* Appends blanks until text of "width" columns fills "columns". */
void screen_pad(struct strbuf *out, size_t width, size_t columns);

#endif
