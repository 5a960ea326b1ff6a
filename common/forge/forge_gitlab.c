#include "common/base/base.h"
#include "common/forge/forge_api.h"
#include "common/text/url_text.h"

/* GitLab, docs.gitlab.com/api/merge_requests: a project is its whole path. */
static void add_project(const struct forge *f, struct strbuf *url)
{
	strbuf_addf(url, "%s/projects/", f->base.buf);
	url_add_encoded(url, f->path.buf, "");
	strbuf_addstr(url, "/merge_requests");
}

static void list(const struct forge *f, const struct forge_look *look,
		 uint64_t cursor, struct strbuf *url)
{
	add_project(f, url);
	strbuf_addf(url,
		    "?state=opened&scope=all&order_by=created_at&sort=desc"
		    "&per_page=%d"
		    "&page=%" PRIu64,
		    FORGE_PAGE, cursor);
	if (look->branch) {
		strbuf_addstr(url, "&source_branch=");
		url_add_encoded(url, look->branch, "");
	}
}

static int read_one(const json_t *item, struct forge_request *out)
{
	uint64_t from = forge_answer_number(item, "source_project_id");

	out->number = forge_answer_number(item, "iid");
	out->foreign = !from ||
		       from != forge_answer_number(item, "target_project_id");
	return forge_request_fill(out,
				  forge_answer_text(item, "source_branch", NULL),
				  forge_answer_text(item, "target_branch", NULL),
				  forge_answer_text(item, "web_url", NULL));
}

static void create(const struct forge *f, const struct forge_text *text,
		   struct forge_step *out)
{
	out->method = "POST";
	add_project(f, &out->url);
	out->body = json_pack("{s:o, s:o, s:o, s:o}", "source_branch",
			      forge_answer_quoted(text->branch),
			      "target_branch", forge_answer_quoted(text->into),
			      "title", forge_answer_quoted(text->title),
			      "description", forge_answer_quoted(text->body));
}

static void update(const struct forge *f, const struct forge_request *at,
		   const struct forge_text *text, struct forge_step *out)
{
	out->method = "PUT";
	add_project(f, &out->url);
	strbuf_addf(&out->url, "/%" PRIu64, at->number);
	out->body = json_pack("{s:o, s:o}", "title",
			      forge_answer_quoted(text->title), "description",
			      forge_answer_quoted(text->body));
}

const struct forge_api forge_gitlab = {
	.name = "GitLab",
	.public_host = "gitlab.com",
	.public_base = "https://gitlab.com/api/v4",
	.suffix = "/api/v4",
	.accept = "Accept: application/json",
	.right = "the scope 'api' and the role Developer",
	.body_max = 1048576,
	.deep = true,
	.first = 1,
	.list = list,
	.items = forge_page_items,
	.read = read_one,
	.create = create,
	.update = update,
};
