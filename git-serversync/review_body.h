#ifndef REVIEW_BODY_H
#define REVIEW_BODY_H

#include "git-serversync/capture.h"
#include "git-serversync/symmetry_audit.h"

/*
 * What a review request says of a capture: Markdown that GitHub, GitLab,
 * Bitbucket and Gitea show alike. Names and words come from a server and from
 * people; nothing of them becomes active (common/text/markdown_inert.h), and
 * of a secret there is the name and the kind alone.
 *
 * Its length is bounded, as the forges' is (GitHub 65,536 characters, Bitbucket
 * Data Center 32,768). Each list then ends in "and N more", never in half an
 * entry; what says how to go on is always there.
 */
#define REVIEW_BODY_MAX 32000

/* "Server edits of production, 2026-11-26T12:00:00Z" */
void review_title(const struct capture *c, struct strbuf *out);

/* Of a capture whose branch is made; audit may be NULL: it was not run. */
void review_body(const struct capture *c, const struct symmetry_audit *audit,
		 struct strbuf *out);

#endif
