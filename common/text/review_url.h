#ifndef REVIEW_URL_H
#define REVIEW_URL_H

#include "common/base/strbuf.h"

/*
 * The page where a review request (pull request, merge request) from one
 * branch into another is opened, told from the url of a remote alone.
 *
 * Hosts are told apart by their names: github.com and what has "github" in its
 * name, and so on for GitLab, Bitbucket (its cloud, and servers by the url's
 * "/scm/" as well), Gitea, Forgejo and Codeberg. The forms of the pages:
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

/*
 * Most forges answer a push with the page where its review is opened. Appends
 * the first web address in these words, up to what cannot be part of one;
 * false, and nothing appended, when there is none.
 */
bool review_url_said(const char *words, struct strbuf *out) MUST_CHECK;

#endif
