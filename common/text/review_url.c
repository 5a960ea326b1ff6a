#include "common/base/base.h"
#include "common/text/review_url.h"
#include "common/text/url_text.h"

/* "key/name", or "~user/name" for somebody's own. */
static bool add_server(const char *path, const struct review_branches *branches,
		       struct strbuf *out)
{
	AUTO_STRBUF struct strbuf key = STRBUF_INIT;
	const char *name;

	if (!strncmp(path, "scm/", 4))
		path += 4;
	name = strchr(path, '/');
	if (!name || strchr(name + 1, '/'))
		return false;
	strbuf_add(&key, path, (size_t)(name - path));
	strbuf_addstr(out, *key.buf == '~' ? "/users/" : "/projects/");
	url_add_encoded(out, key.buf + (*key.buf == '~'), "");
	strbuf_addstr(out, "/repos/");
	url_add_encoded(out, name + 1, "");
	strbuf_addstr(out,
		      "/pull-requests?create&sourceBranch=refs%2Fheads%2F");
	url_add_encoded(out, branches->from, "");
	strbuf_addstr(out, "&targetBranch=refs%2Fheads%2F");
	url_add_encoded(out, branches->into, "");
	return true;
}

static void add_compare(const struct review_branches *branches, struct strbuf *out)
{
	strbuf_addstr(out, "/compare/");
	url_add_encoded(out, branches->into, "/");
	strbuf_addstr(out, "...");
	url_add_encoded(out, branches->from, "/");
}

static void add_query(const char *page, const char *from, const char *into,
		      const struct review_branches *branches, struct strbuf *out)
{
	strbuf_addf(out, "%s?%s=", page, from);
	url_add_encoded(out, branches->from, "");
	strbuf_addf(out, "&%s=", into);
	url_add_encoded(out, branches->into, "");
}

static bool add_page(const struct forge_place *p,
		     const struct review_branches *branches, struct strbuf *out)
{
	strbuf_addf(out, "%s://%s", p->scheme, p->host.buf);
	if (p->kind == FORGE_BITBUCKET_SERVER)
		return add_server(p->path.buf, branches, out);
	strbuf_addch(out, '/');
	url_add_encoded(out, p->path.buf, "/");
	switch (p->kind) {
	case FORGE_GITHUB:
		add_compare(branches, out);
		strbuf_addstr(out, "?expand=1");
		return true;
	case FORGE_GITEA: add_compare(branches, out); return true;
	case FORGE_GITLAB:
		add_query("/-/merge_requests/new",
			  "merge_request%5Bsource_branch%5D",
			  "merge_request%5Btarget_branch%5D", branches, out);
		return true;
	case FORGE_BITBUCKET:
		add_query("/pull-requests/new", "source", "dest", branches, out);
		return true;
	default: return false;
	}
}

bool review_url_at(const struct forge_place *p,
		   const struct review_branches *branches, struct strbuf *out)
{
	AUTO_STRBUF struct strbuf url = STRBUF_INIT;

	if (!add_page(p, branches, &url))
		return false;
	strbuf_addstr(out, url.buf);
	return true;
}

bool review_url(const char *remote_url, const struct review_branches *branches,
		struct strbuf *out)
{
	AUTO_FORGE_PLACE struct forge_place p = FORGE_PLACE_INIT;

	return !forge_place_of(remote_url, &p) &&
	       review_url_at(&p, branches, out);
}

/* The length of the web address at p, 0 when there is none. */
static size_t address_at(const char *p)
{
	size_t scheme = strspn(p, "https"), len = url_length(p);

	if (strncmp(p, "http://", 7) && strncmp(p, "https://", 8))
		return 0;
	return len > scheme + 3 ? len : 0;
}

bool review_url_said(const char *words, struct strbuf *out)
{
	for (const char *p = words; (p = strstr(p, "http")); p += 4) {
		size_t len = address_at(p);

		if (len) {
			strbuf_add(out, p, len);
			return true;
		}
	}
	return false;
}

/* Behind the scheme, and in front of a port. */
static bool is_on(const char *address, const char *host)
{
	const char *p = strstr(address, "://") + 3;
	size_t len = strcspn(host, ":");

	return strcspn(p, ":/") == len && !strncmp(p, host, len);
}

bool review_url_said_by(const char *words, const char *host, struct strbuf *out)
{
	for (const char *p = words; (p = strstr(p, "http")); p += 4) {
		size_t len = address_at(p);

		if (len && is_on(p, host)) {
			strbuf_add(out, p, len);
			return true;
		}
	}
	return false;
}
