#include "common/base/base.h"
#include "common/forge/forge.h"
#include "common/base/mem.h"
#include "common/forge/forge_api.h"
#include "common/forge/forge_call.h"
#include "common/net/https.h"
#include "common/text/quote.h"
#include "common/text/url_text.h"

const struct forge_api *forge_api_of(enum forge_kind kind)
{
	switch (kind) {
	case FORGE_GITHUB: return &forge_github;
	case FORGE_GITLAB: return &forge_gitlab;
	case FORGE_BITBUCKET: return &forge_bitbucket;
	case FORGE_BITBUCKET_SERVER: return &forge_bitbucket_server;
	case FORGE_GITEA: return &forge_gitea;
	case FORGE_UNKNOWN: return NULL;
	}
	return NULL;
}

void forge_request_release(struct forge_request *r)
{
	free(r->branch);
	free(r->into);
	free(r->url);
	json_decref(r->item);
	*r = (struct forge_request)FORGE_REQUEST_INIT;
}

int forge_request_fill(struct forge_request *out, const char *branch,
		       const char *into, const char *url)
{
	if (!out->number || !branch || !into || !url || !url_is_web(url))
		return -1;
	out->branch = xstrdup(branch);
	out->into = xstrdup(into);
	out->url = xstrdup(url);
	return 0;
}

const json_t *forge_page_items(const json_t *answer, uint64_t *cursor)
{
	*cursor = json_array_size(answer) >= FORGE_PAGE ? *cursor + 1 : 0;
	return answer;
}

void forge_free(struct forge *f)
{
	if (!f)
		return;
	forge_token_release(&f->token);
	forge_network_release(&f->network);
	strbuf_release(&f->base);
	strbuf_release(&f->host);
	strbuf_release(&f->path);
	free(f);
}
DEFINE_AUTO(struct forge *, forge_free, NULL)

/* GitHub's cloud for companies: "acme.ghe.com" has "api.acme.ghe.com". */
static bool is_cloud_of_github(const struct forge_place *p)
{
	return p->kind == FORGE_GITHUB && p->host.len > 8 &&
	       !strcmp(p->host.buf + p->host.len - 8, ".ghe.com");
}

/* As configured: with a path, or the usual one of such a host. */
static int set_configured(struct forge *f, const char *api, struct err *err)
{
	size_t len = strlen(api);

	while (len && api[len - 1] == '/')
		len--;
	strbuf_add(&f->base, api, len);
	https_host(f->base.buf, &f->host);
	if (strncmp(api, "https://", 8) != 0 || !url_is_web(f->base.buf) ||
	    strpbrk(f->base.buf, "@?#"))
		return err_set(err, ERR_FAILED,
			       "serversync.api is no https:// address");
	if (strchr(f->base.buf + 8, '/') ||
	    !strncmp(f->base.buf, "https://api.github.com", 22))
		return 0;
	strbuf_addstr(&f->base, f->api->suffix);
	return 0;
}

static int set_base(struct forge *f, const struct forge_spec *spec,
		    struct err *err)
{
	const struct forge_place *p = spec->place;

	if (spec->api)
		return set_configured(f, spec->api, err);
	if (f->api->public_host && !strcmp(f->api->public_host, p->host.buf))
		strbuf_addstr(&f->base, f->api->public_base);
	else if (is_cloud_of_github(p))
		strbuf_addf(&f->base, "https://api.%s", p->host.buf);
	else
		strbuf_addf(&f->base, "https://%.*s%s",
			    (int)(strcmp(p->scheme, "https")
					  ? strcspn(p->host.buf, ":")
					  : p->host.len),
			    p->host.buf, f->api->suffix);
	https_host(f->base.buf, &f->host);
	return 0;
}

/* The directory of the host that the service is below of, "git/" or "". */
static size_t root_length(const struct forge *f)
{
	const char *root = strchr(f->base.buf + strlen("https://"), '/');
	size_t all = root ? strlen(root) : 0, suffix = strlen(f->api->suffix);

	if (all <= suffix || strcmp(root + all - suffix, f->api->suffix) != 0)
		return 0;
	return all - suffix;
}

static int set_path(struct forge *f, const struct forge_place *p, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
	size_t root = root_length(f);
	const char *path = p->path.buf, *slash;

	if (root && !strncmp(path, strchr(f->base.buf + 8, '/') + 1, root - 1) &&
	    path[root - 1] == '/')
		path += root;
	if (p->kind == FORGE_BITBUCKET_SERVER && !strncmp(path, "scm/", 4))
		path += 4;
	slash = strchr(path, '/');
	if (slash && slash > path && slash[1] &&
	    (f->api->deep || !strchr(slash + 1, '/'))) {
		strbuf_addstr(&f->path, path);
		return 0;
	}
	quote_text(&shown, p->path.buf, p->path.len);
	return err_set(err, ERR_UNSUITABLE, "'%s' is no project of %s",
		       shown.buf, f->api->name);
}

/* Whose credential it is: that of the pages, unless the service is elsewhere. */
static const char *credential_host(const struct forge *f,
				   const struct forge_spec *spec)
{
	const char *public = f->api->public_host;
	AUTO_STRBUF struct strbuf host = STRBUF_INIT;

	if (!spec->api)
		return spec->place->host.buf;
	if (public)
		https_host(f->api->public_base, &host);
	return public && !strcmp(host.buf, f->host.buf) ? public : f->host.buf;
}

int forge_open(const struct forge_spec *spec, struct forge **out, struct err *err)
{
	CLEANUP(forge_free_auto) struct forge *f = xcalloc(1, sizeof(*f));
	struct forge_token_request wanted = { .repo = spec->repo,
					      .kind = spec->place->kind,
					      .configured = spec->api };

	f->base = f->host = f->path = (struct strbuf)STRBUF_INIT;
	f->token = (struct forge_token)FORGE_TOKEN_INIT;
	f->repo = spec->repo;
	f->pushes = spec->pushes;
	f->api = forge_api_of(spec->place->kind);
	if (!f->api)
		return err_set(err, ERR_UNSUITABLE, "what '%s' is, is unknown",
			       spec->place->host.buf);
	if (set_base(f, spec, err) < 0 || set_path(f, spec->place, err) < 0)
		return err->code;
	wanted.host = credential_host(f, spec);
	wanted.path = f->path.buf;
	if (forge_token_find(&wanted, &f->token, err) < 0)
		return err->code;
	*out = TAKE_PTR(f);
	return 0;
}

bool forge_has_token(const struct forge *f)
{
	return f->token.secret;
}

const char *forge_token_note(const struct forge *f)
{
	return f->token.secret ? NULL : f->token.note;
}

const char *forge_name(const struct forge *f)
{
	return f->api->name;
}

size_t forge_body_max(const struct forge *f)
{
	return f->api->body_max;
}
