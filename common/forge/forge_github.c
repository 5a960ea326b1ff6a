#include "common/base/base.h"
#include "common/forge/forge_api.h"
#include "common/text/url_text.h"

/*
 * GitHub, docs.github.com/rest/pulls/pulls. On github.com the host is one of
 * its own, on a GitHub Enterprise Server the base ends with /api/v3.
 */
void forge_github_requests(const struct forge *f, struct strbuf *url)
{
	strbuf_addf(url, "%s/repos/", f->base.buf);
	url_add_encoded(url, f->path.buf, "/");
	strbuf_addstr(url, "/pulls");
}

/* "head" is the owner's name, a colon, and the branch's. */
static void list(const struct forge *f, const struct forge_look *look,
		 uint64_t cursor, struct strbuf *url)
{
	AUTO_STRBUF struct strbuf head = STRBUF_INIT;

	forge_github_requests(f, url);
	strbuf_addf(url,
		    "?state=open&sort=created&direction=desc&per_page=%d"
		    "&page=%" PRIu64,
		    FORGE_PAGE, cursor);
	if (!look->branch)
		return;
	strbuf_add(&head, f->path.buf, strcspn(f->path.buf, "/"));
	strbuf_addf(&head, ":%s", look->branch);
	strbuf_addstr(url, "&head=");
	url_add_encoded(url, head.buf, "");
}

/* A fork that was deleted is null. */
static int read_one(const json_t *item, struct forge_request *out)
{
	const json_t *from = forge_answer_at(item, "head", "repo", "id", NULL);
	const json_t *to = forge_answer_at(item, "base", "repo", "id", NULL);

	out->number = forge_answer_number(item, "number");
	out->foreign = !from || !to || !json_equal(from, to);
	return forge_request_fill(out,
				  forge_answer_text(item, "head", "ref", NULL),
				  forge_answer_text(item, "base", "ref", NULL),
				  forge_answer_text(item, "html_url", NULL));
}

void forge_github_create(const struct forge *f, const struct forge_text *text,
			 struct forge_step *out)
{
	out->method = "POST";
	forge_github_requests(f, &out->url);
	out->body = json_pack("{s:o, s:o, s:o, s:o}", "title",
			      forge_answer_quoted(text->title), "head",
			      forge_answer_quoted(text->branch), "base",
			      forge_answer_quoted(text->into), "body",
			      forge_answer_quoted(text->body));
}

void forge_github_update(const struct forge *f, const struct forge_request *at,
			 const struct forge_text *text, struct forge_step *out)
{
	out->method = "PATCH";
	forge_github_requests(f, &out->url);
	strbuf_addf(&out->url, "/%" PRIu64, at->number);
	out->body = json_pack("{s:o, s:o}", "title",
			      forge_answer_quoted(text->title), "body",
			      forge_answer_quoted(text->body));
}

const struct forge_api forge_github = {
	.name = "GitHub",
	.public_host = "github.com",
	.public_base = "https://api.github.com",
	.suffix = "/api/v3",
	.accept = "Accept: application/vnd.github+json",
	.version = "X-GitHub-Api-Version: 2022-11-28",
	.right = "the permission 'Pull requests: write', or the scope 'repo'",
	.body_max = 65536,
	.first = 1,
	.list = list,
	.items = forge_page_items,
	.read = read_one,
	.create = forge_github_create,
	.update = forge_github_update,
};
