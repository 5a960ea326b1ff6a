#ifndef QUOTE_H
#define QUOTE_H

#include "common/base/strbuf.h"

/*
 * Names and text from outside, made fit to be shown. Neither function lets a
 * control byte through, so nothing shown this way can move the cursor, end
 * the line or change the colour.
 */

/*
 * As git shows paths: plain when every byte is harmless, else in double
 * quotes with C escapes and three-digit octal. quote_high_bytes is
 * core.quotePath: bytes above 0x7f count as harmful.
 */
void quote_path(struct strbuf *out, const char *path, size_t len,
		bool quote_high_bytes);

/*
 * A piece of text on one line and without quotes around it. Printable UTF-8
 * stays; control bytes (ESC, C1, DEL, CR, LF...), backslashes, bytes that are
 * no UTF-8 and characters that reorder or hide text are escaped.
 */
void quote_text(struct strbuf *out, const char *text, size_t len);

#endif
