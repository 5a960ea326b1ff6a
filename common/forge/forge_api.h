#ifndef FORGE_API_H
#define FORGE_API_H

#include "common/forge/forge.h"
#include "common/forge/forge_answer.h"
#include "common/forge/forge_network.h"
#include "common/forge/forge_token.h"

/*
 * What the forges do differently, one struct forge_api each. None of these
 * functions talks to anybody: they write requests and read answers.
 */
struct forge {
	const struct forge_api *api;
	struct strbuf base; /* "https://api.github.com", no slash at its end */
	struct strbuf host; /* of it */
	struct strbuf path; /* of the project, "acme/shop" */
	bool pushes;	    /* as in struct forge_spec */
	struct forge_token token;
	struct forge_network network;
	git_repository *repo;
};

/* One request; its url begins with base. */
struct forge_step {
	const char *method;
	struct strbuf url;
	json_t *body; /* NULL: none */
};
#define FORGE_STEP_INIT                                                        \
	{                                                                      \
		.method = "GET", .url = STRBUF_INIT                            \
	}

struct forge_api {
	const char *name;
	const char *public_host, *public_base; /* the one for everybody */
	const char *suffix; /* of base, on a host of one's own */
	const char *accept; /* a header, or NULL */
	const char *version;
	const char *right; /* what a token needs */
	size_t body_max;
	bool deep;	/* a project's path may have more than two parts */
	uint64_t first; /* the cursor of the first page */

	/* The open requests: url is the whole of one page of them. */
	void (*list)(const struct forge *f, const struct forge_look *look,
		     uint64_t cursor, struct strbuf *url);
	/* Their array in the answer; *cursor becomes the next page's, or 0. */
	const json_t *(*items)(const json_t *answer, uint64_t *cursor);
	/* -1 when it is not in order; out is fresh, item is borrowed. */
	int (*read)(const json_t *item, struct forge_request *out);
	void (*create)(const struct forge *f, const struct forge_text *text,
		       struct forge_step *out);
	void (*update)(const struct forge *f, const struct forge_request *at,
		       const struct forge_text *text, struct forge_step *out);
};

extern const struct forge_api forge_github, forge_gitlab, forge_bitbucket,
	forge_bitbucket_server, forge_gitea;

/* NULL: no forge that is known. */
const struct forge_api *forge_api_of(enum forge_kind kind);

/* Fifty long texts stay below what an answer may hold. */
#define FORGE_PAGE 50

/* For read(): copies, and -1 when one of them is missing or odd. */
int forge_request_fill(struct forge_request *out, const char *branch,
		       const char *into, const char *url);
/* items() where pages are numbered: a full one has one behind it. */
const json_t *forge_page_items(const json_t *answer, uint64_t *cursor);

/* What Gitea took over: where the requests are, and how one is written. */
void forge_github_requests(const struct forge *f, struct strbuf *url);
void forge_github_create(const struct forge *f, const struct forge_text *text,
			 struct forge_step *out);
void forge_github_update(const struct forge *f, const struct forge_request *at,
			 const struct forge_text *text, struct forge_step *out);

#endif
