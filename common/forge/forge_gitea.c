#include "common/base/base.h"
#include "common/forge/forge_api.h"

/*
 * Gitea and Forgejo: /api/swagger of any of them. Much is as on GitHub.
 *
 * It cannot be asked for a branch: all open ones are listed, newest first.
 */
static void list(const struct forge *f, const struct forge_look *look UNUSED,
		 uint64_t cursor, struct strbuf *url)
{
	forge_github_requests(f, url);
	strbuf_addf(url, "?state=open&limit=%d&page=%" PRIu64, FORGE_PAGE,
		    cursor);
}

/* A server may have a lower limit than ours: a page is the last if empty. */
static const json_t *items(const json_t *answer, uint64_t *cursor)
{
	*cursor = json_array_size(answer) ? *cursor + 1 : 0;
	return answer;
}

static int read_one(const json_t *item, struct forge_request *out)
{
	const json_t *head = json_object_get(item, "head");
	uint64_t from = forge_answer_number(head, "repo_id");

	out->number = forge_answer_number(item, "number");
	out->foreign =
		!from ||
		from != forge_answer_number(json_object_get(item, "base"),
					    "repo_id");
	return forge_request_fill(out,
				  forge_answer_text(item, "head", "ref", NULL),
				  forge_answer_text(item, "base", "ref", NULL),
				  forge_answer_text(item, "html_url", NULL));
}

const struct forge_api forge_gitea = {
	.name = "Gitea",
	.suffix = "/api/v1",
	.accept = "Accept: application/json",
	.right = "the scope 'write:repository'",
	.body_max = 65535,
	.first = 1,
	.list = list,
	.items = items,
	.read = read_one,
	.create = forge_github_create,
	.update = forge_github_update,
};
