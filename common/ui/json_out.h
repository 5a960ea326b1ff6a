#ifndef JSON_OUT_H
#define JSON_OUT_H

#include "common/base/strbuf.h"

#include <jansson.h>

/*
 * The one document that --json prints: members in the order they were added,
 * two blanks of indentation, a newline at the end, the same bytes for the same
 * facts. It is printable ASCII, all else as \uXXXX: shown on a terminal, no
 * name in it can do anything. In text that is no UTF-8 (paths may be anything)
 * every byte above 0x7f becomes U+FFFD; a reader that needs the exact bytes
 * uses -z.
 */
void json_out_print(const json_t *doc, FILE *out);
/* The same, appended to out. */
void json_out_add(const json_t *doc, struct strbuf *out);

/* A JSON string for any bytes; never NULL. */
json_t *json_out_text(const char *text, size_t len) __attribute__((nonnull));

static inline void json_free(json_t *doc)
{
	json_decref(doc);
}
DEFINE_AUTO(json_t *, json_free, NULL)
#define AUTO_JSON CLEANUP(json_free_auto)

#endif
