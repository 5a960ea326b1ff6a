#include "common/base/base.h"
#include "common/forge/forge_api.h"
#include "common/text/url_text.h"

/*
 * Bitbucket Cloud, developer.atlassian.com/cloud/bitbucket/rest
 * (api-group-pullrequests; "filtering and sorting" for q and fields).
 */
static void add_project(const struct forge *f, struct strbuf *url)
{
	strbuf_addf(url, "%s/repositories/", f->base.buf);
	url_add_encoded(url, f->path.buf, "/");
	strbuf_addstr(url, "/pullrequests");
}

/* A list leaves the reviewers out, unless they are asked for. */
static void list(const struct forge *f, const struct forge_look *look,
		 uint64_t cursor, struct strbuf *url)
{
	AUTO_STRBUF struct strbuf q = STRBUF_INIT;
	const char *p = look->branch ? look->branch : look->prefix;

	strbuf_addf(&q, "state=\"OPEN\" AND source.branch.name%s\"",
		    look->branch ? "=" : "~");
	for (; *p; p++) {
		if (strchr("\"\\", *p))
			strbuf_addch(&q, '\\');
		strbuf_addch(&q, *p);
	}
	strbuf_addch(&q, '"');
	add_project(f, url);
	strbuf_addf(url, "?pagelen=%d&page=%" PRIu64 "&sort=-created_on",
		    FORGE_PAGE, cursor);
	strbuf_addstr(url, "&fields=%2Bvalues.reviewers&q=");
	url_add_encoded(url, q.buf, "");
}

/* "next" is an address of theirs: that there is one is all it tells. */
static const json_t *items(const json_t *answer, uint64_t *cursor)
{
	bool more = json_is_string(json_object_get(answer, "next"));

	*cursor = more ? *cursor + 1 : 0;
	return json_object_get(answer, "values");
}

static int read_one(const json_t *item, struct forge_request *out)
{
	const json_t *from =
		forge_answer_at(item, "source", "repository", "full_name", NULL);
	const json_t *to = forge_answer_at(item, "destination", "repository",
					   "full_name", NULL);

	out->number = forge_answer_number(item, "id");
	out->foreign = !from || !to || !json_equal(from, to);
	return forge_request_fill(
		out, forge_answer_text(item, "source", "branch", "name", NULL),
		forge_answer_text(item, "destination", "branch", "name", NULL),
		forge_answer_text(item, "links", "html", "href", NULL));
}

static void create(const struct forge *f, const struct forge_text *text,
		   struct forge_step *out)
{
	out->method = "POST";
	add_project(f, &out->url);
	out->body = json_pack("{s:o, s:o, s:{s:{s:o}}, s:{s:{s:o}}}", "title",
			      forge_answer_quoted(text->title), "description",
			      forge_answer_quoted(text->body), "source",
			      "branch", "name",
			      forge_answer_quoted(text->branch), "destination",
			      "branch", "name", forge_answer_quoted(text->into));
}

/* Who is left out of the reviewers, stops being one. */
static json_t *reviewers(const struct forge_request *at)
{
	json_t *all = json_array(), *one;
	size_t i;

	json_array_foreach(json_object_get(at->item, "reviewers"), i, one)
	{
		json_t *id = json_object_get(one, "uuid");

		if (json_is_string(id))
			json_array_append_new(all,
					      json_pack("{s:O}", "uuid", id));
	}
	return all;
}

static void update(const struct forge *f, const struct forge_request *at,
		   const struct forge_text *text, struct forge_step *out)
{
	out->method = "PUT";
	add_project(f, &out->url);
	strbuf_addf(&out->url, "/%" PRIu64, at->number);
	out->body = json_pack("{s:o, s:o, s:o}", "title",
			      forge_answer_quoted(text->title), "description",
			      forge_answer_quoted(text->body), "reviewers",
			      reviewers(at));
}

const struct forge_api forge_bitbucket = {
	.name = "Bitbucket",
	.public_host = "bitbucket.org",
	.public_base = "https://api.bitbucket.org/2.0",
	.suffix = "/2.0",
	.accept = "Accept: application/json",
	.right = "the scope 'pullrequest:write'",
	.body_max = 32768,
	.first = 1,
	.list = list,
	.items = items,
	.read = read_one,
	.create = create,
	.update = update,
};
