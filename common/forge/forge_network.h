#ifndef FORGE_NETWORK_H
#define FORGE_NETWORK_H

#include "common/git/repo.h"

/*
 * What git's configuration says of connections to an url, by git's own rules
 * for http.<url>.*: sslCAInfo, sslCAPath and proxy, with GIT_SSL_CAINFO and
 * GIT_SSL_CAPATH before them. http.sslVerify is not obeyed: a token is worth
 * more than a fetch.
 */
struct forge_network {
	char *ca_info, *ca_path, *proxy; /* NULL: not set */
	bool loaded;
};
/* Does nothing the second time. */
int forge_network_load(git_repository *repo, const char *url,
		       struct forge_network *n, struct err *err) MUST_CHECK;
void forge_network_release(struct forge_network *n);

#endif
