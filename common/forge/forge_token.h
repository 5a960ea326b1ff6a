#ifndef FORGE_TOKEN_H
#define FORGE_TOKEN_H

#include "common/git/repo.h"
#include "common/text/forge_place.h"

/*
 * What a forge knows us by: from the environment, else from git's credential
 * helpers, which are asked once, without a prompt, and told how it went.
 *
 * A variable such as GITHUB_TOKEN says nothing of a host. It is for the public
 * one of that name, for the one that runs this job (GITHUB_SERVER_URL,
 * CI_SERVER_URL), and for the one serversync.api names, and goes to no other.
 */
struct forge_token {
	const char *source; /* "GITHUB_TOKEN", "the credential helper" */
	char *user;	    /* basic authentication with it; NULL: bearer */
	char *secret;	    /* NULL: there is none */
	char *note;	    /* why one is not used */
	/* As the helper said it, until it was told. */
	struct strbuf credential;
	git_repository *repo;
};
#define FORGE_TOKEN_INIT                                                       \
	{                                                                      \
		.credential = STRBUF_INIT                                      \
	}
/* Wipes it. */
void forge_token_release(struct forge_token *t);

struct forge_token_request {
	git_repository *repo;
	enum forge_kind kind;
	const char *host; /* of the project's pages, "github.com" */
	const char *path;
	bool configured; /* the host is the one serversync.api names */
};
/* None is no failure; one that cannot be one is. */
int forge_token_find(const struct forge_token_request *req,
		     struct forge_token *out, struct err *err) MUST_CHECK;

/* Tells the helper, once: it was accepted, or it was not. */
void forge_token_tell(struct forge_token *t, bool accepted);

#endif
