#ifndef FORGE_PLACE_H
#define FORGE_PLACE_H

#include "common/base/strbuf.h"

/*
 * Where a remote's project is on the web, told from the remote's url alone:
 * "git@github.com:acme/shop.git" is acme/shop on https://github.com.
 *
 * Hosts are told apart by their names: github.com and what has "github" in its
 * name, and so on for GitLab, Bitbucket (its cloud, and servers by the url's
 * "/scm/" as well), Gitea, Forgejo and Codeberg. *.ghe.com is GitHub's, too.
 */
enum forge_kind {
	FORGE_UNKNOWN,
	FORGE_GITHUB,
	FORGE_GITLAB,
	FORGE_BITBUCKET,
	FORGE_BITBUCKET_SERVER,
	FORGE_GITEA
};

struct forge_place {
	enum forge_kind kind;
	const char *scheme; /* of its pages: "https", or "http" */
	struct strbuf host; /* with a port where it is part of the page's */
	struct strbuf path; /* "owner/name", no slash around it */
};
#define FORGE_PLACE_INIT                                                       \
	{                                                                      \
		.host = STRBUF_INIT, .path = STRBUF_INIT                       \
	}
void forge_place_release(struct forge_place *p);
#define AUTO_FORGE_PLACE CLEANUP(forge_place_release)

/*
 * Reads the url of a remote; p is fresh. -1 when it leads to no web page. The
 * kind may be unknown all the same. A user and a password are left out.
 */
int forge_place_of(const char *url, struct forge_place *p) MUST_CHECK;

/* For who knows better: "github", "gitlab", "bitbucket" or "gitea". */
void forge_place_is(struct forge_place *p, const char *name);

#endif
