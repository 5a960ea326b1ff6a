#ifndef REVIEW_URL_H
#define REVIEW_URL_H

#include "common/text/forge_place.h"

/*
 * The page where a review request (pull request, merge request) from one
 * branch into another is opened, told from the url of a remote alone
 * (forge_place.h). The forms of the pages:
 *
 *	GitHub		/<path>/compare/<into>...<from>?expand=1
 *	GitLab		/<path>/-/merge_requests/new?merge_request[...]=...
 *	Bitbucket	/<path>/pull-requests/new?source=<from>&dest=<into>
 *	  a server	/projects/<key>/repos/<name>/pull-requests?create&...
 *	Gitea		/<path>/compare/<into>...<from>
 */
struct review_branches {
	const char *from, *into; /* names behind refs/heads/ */
};

/*
 * Appends the address: printable, percent-encoded, and without the user and
 * the password that the remote's url may hold. False, and nothing appended,
 * when the url leads to no web page that is known.
 */
bool review_url(const char *remote_url, const struct review_branches *branches,
		struct strbuf *out) MUST_CHECK;
/* The same of a place. */
bool review_url_at(const struct forge_place *p,
		   const struct review_branches *branches,
		   struct strbuf *out) MUST_CHECK;

/*
 * Most forges answer a push with the page where its review is opened. Appends
 * the first web address in these words, up to what cannot be part of one;
 * false, and nothing appended, when there is none.
 */
bool review_url_said(const char *words, struct strbuf *out) MUST_CHECK;
/*
 * The same, but the first one on this host, whatever its port: a server may
 * print addresses that have nothing to do with the push.
 */
bool review_url_said_by(const char *words, const char *host,
			struct strbuf *out) MUST_CHECK;

#endif
