#ifndef CHANGELOG_LINKS_H
#define CHANGELOG_LINKS_H

#include "common/text/changelog_parse.h"

/*
 * The links of a CHANGELOG, which compare two versions:
 * ".../compare/v1.1.0...HEAD", or with two dots, or HEAD in front, as the
 * places that host repositories write them.
 */
struct compare_url {
	struct text_range url, base, head;
};

/* False when it is a link of another kind. */
bool compare_find(const struct strbuf *doc, struct text_range url,
		  const char *prefix, struct compare_url *out);

/* Appends it with other ends; NULL keeps one. */
void compare_write(const struct strbuf *doc, const struct compare_url *c,
		   const char *base, const char *head, struct strbuf *out);

/*
 * The tag that the next version is compared with, NULL for what the link has.
 * One that was forgotten when the last version was recorded still starts at
 * the version before that.
 */
char *compare_base(const struct strbuf *doc, const struct compare_url *c,
		   const struct changelog_parts *parts, const char *prefix);

#endif
