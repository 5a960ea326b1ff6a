#ifndef FORGE_H
#define FORGE_H

#include "common/git/repo.h"
#include "common/text/forge_place.h"

/*
 * Review requests (pull requests, merge requests) of one project on GitHub,
 * GitLab, Bitbucket or Gitea, through the web service of its host:
 *
 *	forge_open(&spec, &forge, err)
 *	forge_has_token(forge)
 *	forge_find(forge, &look, &request, err)
 *	forge_create(forge, &text, &request, err)
 *	forge_update(forge, &request, &text, err)
 *	forge_free(forge)
 *
 * Nothing is sent before the first of find, create and update. What a host
 * answers is from outside: bounded, checked, and quoted in messages.
 *
 * The services are described at docs.github.com/rest/pulls,
 * docs.gitlab.com/api/merge_requests,
 * developer.atlassian.com/cloud/bitbucket/rest (api-group-pullrequests),
 * developer.atlassian.com/server/bitbucket/rest (api-group-pull-requests) and
 * https://<host>/swagger.v1.json of any Gitea.
 */
struct json_t;

struct forge_spec {
	git_repository *repo; /* for its settings and credential helpers */
	const struct forge_place *place;
	const char *api; /* "https://host/api/v3", as configured; NULL: usual */
	/* git pushes there with the same credential: not ours to reject. */
	bool pushes;
};

struct forge;

/*
 * Looks for a token: in the environment, then with "git credential fill",
 * without a prompt. That there is none is no failure. ERR_UNSUITABLE when the
 * place is no project of a forge that is known.
 */
int forge_open(const struct forge_spec *spec, struct forge **out,
	       struct err *err) MUST_CHECK;
void forge_free(struct forge *f);

bool forge_has_token(const struct forge *f);
/* Why a token that is there is not used, or NULL. */
const char *forge_token_note(const struct forge *f);
const char *forge_name(const struct forge *f); /* "GitHub" */
/* The longest text of a request that it takes, in bytes. */
size_t forge_body_max(const struct forge *f);

struct forge_request {
	uint64_t number;
	char *branch, *into; /* names behind refs/heads/ */
	char *url;	     /* its page */
	bool foreign;	     /* its branch is in another project, a fork */
	struct json_t *item; /* all that the host said of it */
};
#define FORGE_REQUEST_INIT                                                     \
	{                                                                      \
		0                                                              \
	}
void forge_request_release(struct forge_request *r);
#define AUTO_FORGE_REQUEST CLEANUP(forge_request_release)

/* Of a fork's branches none is ever meant: anybody can name one. */
struct forge_look {
	const char *branch; /* this one, */
	const char *prefix; /* or one named so, up to its last "/"; newest first */
};
/* The open one; ERR_NOTFOUND when there is none. */
int forge_find(struct forge *f, const struct forge_look *look,
	       struct forge_request *out, struct err *err) MUST_CHECK;

struct forge_text {
	const char *branch, *into, *title, *body;
};
/*
 * Opens one, unless there is one of this branch: then that one is told and
 * *existed is true. Whatever is unclear afterwards is looked up; ERR_UNKNOWN
 * when even that does not tell.
 */
int forge_create(struct forge *f, const struct forge_text *text,
		 struct forge_request *out, bool *existed,
		 struct err *err) MUST_CHECK;
/* Its title and its text, nothing else. */
int forge_update(struct forge *f, const struct forge_request *at,
		 const struct forge_text *text, struct err *err) MUST_CHECK;

#endif
