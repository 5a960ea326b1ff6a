#ifndef FORGE_ANSWER_H
#define FORGE_ANSWER_H

#include "common/forge/forge.h"

#include <jansson.h>

/*
 * What forges answer, read with care: any of it may be anything.
 *
 * Parses one JSON document. -1 when it is none, or one that would take far
 * more memory than its bytes. *out is the caller's to json_decref().
 */
int forge_answer_parse(const char *data, size_t len, json_t **out) MUST_CHECK;

static inline void forge_answer_free(json_t *j)
{
	json_decref(j);
}
DEFINE_AUTO(json_t *, forge_answer_free, NULL)
#define AUTO_ANSWER CLEANUP(forge_answer_free_auto)

/*
 * The words of a refusal, in any of the forges' forms, else the first line of
 * what is no JSON: quoted, bounded, and without the secret (NULL: none), which
 * some servers repeat.
 */
void forge_answer_words(const char *data, size_t len, const char *secret,
			struct strbuf *out);
/* Appends a text of theirs in the same way. */
void forge_answer_show(const char *text, size_t len, const char *secret,
		       struct strbuf *out);

/*
 * A value within: forge_answer_text(item, "head", "ref", NULL). NULL, or
 * JSON_NULL's absence, when there is no such thing of that type.
 */
const char *forge_answer_text(const json_t *item, ...) __attribute__((sentinel));
const json_t *forge_answer_at(const json_t *item, ...) __attribute__((sentinel));
/* A number above 0; 0 when there is none. */
uint64_t forge_answer_number(const json_t *item, const char *key);

/* A text for a request, whatever bytes it has. */
json_t *forge_answer_quoted(const char *text);

#endif
