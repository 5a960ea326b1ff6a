#ifndef REVIEW_TEXT_H
#define REVIEW_TEXT_H

#include "common/base/strvec.h"
#include "common/forge/forge.h"

/* A request's text in the forms that forges take. */

/*
 * Appends body, cut at the end of a line and with a note in place of the rest
 * when it has more than max bytes. Was it cut?
 */
bool review_text_fit(const char *body, size_t max, struct strbuf *out);

/*
 * GitLab's push options (docs.gitlab.com/topics/git/commit), as options of
 * "git push". A push option has no line ends in it, but GitLab reads "\n" in a
 * description as one.
 */
void review_text_options(const struct forge_text *text, struct strvec *out);

/* Is it the page of a request, not one where such is opened? */
bool review_text_is_request(const char *url);

#endif
