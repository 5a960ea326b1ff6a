#ifndef INIT_TEXT_H
#define INIT_TEXT_H

#include "git-release/init_detect.h"

/*
 * The text of a .gitrelease: explicit keys with a word of explanation, so
 * that nothing happens which the file does not say. Keys that are not
 * available yet are never written.
 */

/* A whole new file. */
void init_text_file(struct strbuf *out, const struct project *p,
		    const char *env, const char *url);

/* One more environment behind what is there, which stays byte for byte. */
void init_text_append(struct strbuf *file, const char *env, const char *url);

/* A value as git-config(1) wants it, in quotes where that is needed. */
void init_text_value(struct strbuf *out, const char *value);

#endif
