#ifndef PAGE_TEXT_H
#define PAGE_TEXT_H

#include "common/base/strbuf.h"

/*
 * Appends any bytes as text of an HTML page, fit for an element's content and
 * for an attribute in double quotes: what HTML gives a meaning is a reference
 * (&lt;), and what is no UTF-8, controls, hides or reorders text is written as
 * an escape (\033). A tab stays.
 */
void page_add_text(struct strbuf *out, const char *text, size_t len);

/*
 * "sha256-<base64>" of what a Content-Security-Policy lets run: the exact bytes
 * between the tags (W3C CSP Level 2, section 4.2.5).
 */
void page_add_source_hash(struct strbuf *out, const char *text, size_t len);

#endif
