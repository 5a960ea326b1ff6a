#include "common/base/base.h"
#include "common/forge/forge_api.h"
#include "common/base/mem.h"
#include "common/text/url_text.h"

/*
 * Bitbucket Data Center and Server, developer.atlassian.com/server/bitbucket
 * (api-group-pull-requests). Its web addresses have "scm/" in front of the
 * project's key, which is "~user" for somebody's own.
 */
#define HEADS "refs/heads/"

static void add_project(const struct forge *f, struct strbuf *url)
{
	const char *name = strchr(f->path.buf, '/');
	AUTO_FREE char *key = xstrndup(f->path.buf, (size_t)(name - f->path.buf));

	strbuf_addf(url, "%s/projects/", f->base.buf);
	url_add_encoded(url, key, "");
	strbuf_addstr(url, "/repos/");
	url_add_encoded(url, name + 1, "");
	strbuf_addstr(url, "/pull-requests");
}

static void list(const struct forge *f, const struct forge_look *look,
		 uint64_t cursor, struct strbuf *url)
{
	add_project(f, url);
	strbuf_addf(url,
		    "?state=OPEN&direction=OUTGOING&order=NEWEST&limit=%d"
		    "&start=%" PRIu64,
		    FORGE_PAGE, cursor);
	if (look->branch) {
		strbuf_addstr(url, "&at=");
		url_add_encoded(url, HEADS, "");
		url_add_encoded(url, look->branch, "");
	}
}

static const json_t *items(const json_t *answer, uint64_t *cursor)
{
	uint64_t next = forge_answer_number(answer, "nextPageStart");
	bool last = !json_is_false(json_object_get(answer, "isLastPage"));

	*cursor = !last && next > *cursor ? next : 0;
	return json_object_get(answer, "values");
}

static const char *branch_of(const json_t *item, const char *side)
{
	const char *id = forge_answer_text(item, side, "id", NULL);

	if (!id || strncmp(id, HEADS, strlen(HEADS)) != 0)
		return NULL;
	return id + strlen(HEADS);
}

static int read_one(const json_t *item, struct forge_request *out)
{
	const json_t *from =
		forge_answer_at(item, "fromRef", "repository", "id", NULL);
	const json_t *to =
		forge_answer_at(item, "toRef", "repository", "id", NULL);
	const json_t *self = forge_answer_at(item, "links", "self", NULL);

	out->number = forge_answer_number(item, "id");
	out->foreign = !from || !to || !json_equal(from, to);
	return forge_request_fill(
		out, branch_of(item, "fromRef"), branch_of(item, "toRef"),
		forge_answer_text(json_array_get(self, 0), "href", NULL));
}

static json_t *ref(const struct forge *f, const char *branch)
{
	AUTO_STRBUF struct strbuf id = STRBUF_INIT;
	const char *name = strchr(f->path.buf, '/');

	strbuf_addf(&id, HEADS "%s", branch);
	return json_pack("{s:o, s:{s:s, s:{s:s%}}}", "id",
			 forge_answer_quoted(id.buf), "repository", "slug",
			 name + 1, "project", "key", f->path.buf,
			 (size_t)(name - f->path.buf));
}

static void create(const struct forge *f, const struct forge_text *text,
		   struct forge_step *out)
{
	out->method = "POST";
	add_project(f, &out->url);
	out->body = json_pack("{s:o, s:o, s:o, s:o}", "title",
			      forge_answer_quoted(text->title), "description",
			      forge_answer_quoted(text->body), "fromRef",
			      ref(f, text->branch), "toRef", ref(f, text->into));
}

/* Who is left out of the reviewers, stops being one. */
static json_t *reviewers(const struct forge_request *at)
{
	json_t *all = json_array(), *one;
	size_t i;

	json_array_foreach(json_object_get(at->item, "reviewers"), i, one)
	{
		const char *name = forge_answer_text(one, "user", "name", NULL);

		if (name)
			json_array_append_new(all, json_pack("{s:{s:s}}", "user",
							     "name", name));
	}
	return all;
}

/* The version proves that it is the request that was looked at. */
static void update(const struct forge *f, const struct forge_request *at,
		   const struct forge_text *text, struct forge_step *out)
{
	json_int_t version =
		json_integer_value(json_object_get(at->item, "version"));

	out->method = "PUT";
	add_project(f, &out->url);
	strbuf_addf(&out->url, "/%" PRIu64, at->number);
	out->body = json_pack("{s:I, s:o, s:o, s:o}", "version", version,
			      "title", forge_answer_quoted(text->title),
			      "description", forge_answer_quoted(text->body),
			      "reviewers", reviewers(at));
}

const struct forge_api forge_bitbucket_server = {
	.name = "Bitbucket Data Center",
	.suffix = "/rest/api/1.0",
	.accept = "Accept: application/json",
	.right = "the permission 'Repository write'",
	.body_max = 32768,
	.first = 0,
	.list = list,
	.items = items,
	.read = read_one,
	.create = create,
	.update = update,
};
