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

/* In double quotes whatever is in it; printable ASCII. */
void quote_path_always(struct strbuf *out, const char *path, size_t len);

/*
 * The other way round: text in double quotes, all of it, as git writes and
 * reads it. The bytes are appended to out. -1, with out unchanged, when it is
 * not so quoted or holds a NUL, which no path does.
 */
int quote_path_undo(const char *text, size_t len, struct strbuf *out) MUST_CHECK;

/*
 * A piece of text on one line and without quotes around it. Printable UTF-8
 * stays; control bytes (ESC, C1, DEL, CR, LF...), backslashes, bytes that are
 * no UTF-8 and characters that reorder or hide text are escaped.
 */
void quote_text(struct strbuf *out, const char *text, size_t len);

#endif
