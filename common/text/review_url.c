#include "common/base/base.h"
#include "common/text/review_url.h"

enum forge {
	FORGE_UNKNOWN,
	FORGE_GITHUB,
	FORGE_GITLAB,
	FORGE_BITBUCKET,
	FORGE_BITBUCKET_SERVER,
	FORGE_GITEA
};

struct place {
	const char *scheme;
	struct strbuf host; /* with a port where it is part of the page's */
	struct strbuf path; /* "owner/name", no slash around it */
};

static void place_release(struct place *p)
{
	strbuf_release(&p->host);
	strbuf_release(&p->path);
}

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || strchr("-._~", c);
}

static void add_encoded(struct strbuf *out, const char *text, const char *except)
{
	for (; *text; text++) {
		if (is_plain(*text) || strchr(except, *text))
			strbuf_addch(out, *text);
		else
			strbuf_addf(out, "%%%02X", (unsigned char)*text);
	}
}

/* Lower case; -1 when it is no name of a host, such as "[::1]". */
static int take_host(const char *host, size_t len, bool port, struct place *out)
{
	size_t name = strcspn(host, ":");

	if (name > len)
		name = len;
	if (!name || *host == '-')
		return -1;
	for (size_t i = 0; i < (port ? len : name); i++) {
		char c = host[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (!is_plain(c) && !(port && c == ':'))
			return -1;
		strbuf_addch(&out->host, c);
	}
	return 0;
}

static int take_path(const char *path, struct place *out)
{
	size_t len;

	path += strspn(path, "/");
	len = strlen(path);
	while (len && path[len - 1] == '/')
		len--;
	if (len > 4 && !memcmp(path + len - 4, ".git", 4))
		len -= 4;
	strbuf_add(&out->path, path, len);
	return strchr(out->path.buf, '/') ? 0 : -1;
}

/* Behind the user and password of "user:password@host". */
static const char *skip_user(const char *host, const char *end)
{
	for (const char *p = end; p-- > host;)
		if (*p == '@')
			return p + 1;
	return host;
}

/* "[user@]host:path" */
static int split_scp(const char *url, struct place *out)
{
	const char *colon = strchr(url, ':'), *slash = strchr(url, '/');
	const char *host;

	if (!colon || (slash && slash < colon))
		return -1;
	host = skip_user(url, colon);
	out->scheme = "https";
	if (take_host(host, (size_t)(colon - host), false, out) < 0)
		return -1;
	return take_path(colon + 1, out);
}

static int split(const char *url, struct place *out)
{
	static const char *const schemes[] = { "https", "http", "ssh",
					       "git+ssh", "git" };
	const char *rest = strstr(url, "://"), *end, *host;
	bool web;

	if (!rest)
		return split_scp(url, out);
	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++)
		if (strlen(schemes[i]) == (size_t)(rest - url) &&
		    !memcmp(schemes[i], url, (size_t)(rest - url)))
			out->scheme = schemes[i];
	if (!out->scheme)
		return -1;
	web = !strncmp(out->scheme, "http", 4);
	out->scheme = web ? out->scheme : "https";
	rest += 3;
	end = rest + strcspn(rest, "/");
	host = skip_user(rest, end);
	/* The port of ssh is not the web server's. */
	if (take_host(host, (size_t)(end - host), web, out) < 0)
		return -1;
	return take_path(end, out);
}

/* ssh over the port of https has hosts of its own. */
static void use_web_host(struct place *p)
{
	static const struct {
		const char *ssh, *web;
	} hosts[] = {
		{ "ssh.github.com", "github.com" },
		{ "altssh.gitlab.com", "gitlab.com" },
		{ "altssh.bitbucket.org", "bitbucket.org" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(hosts); i++) {
		if (strcmp(p->host.buf, hosts[i].ssh) != 0)
			continue;
		strbuf_reset(&p->host);
		strbuf_addstr(&p->host, hosts[i].web);
	}
}

static enum forge forge_of(const struct place *p)
{
	static const struct {
		const char *word;
		enum forge forge;
	} words[] = {
		{ "github", FORGE_GITHUB },
		{ "gitlab", FORGE_GITLAB },
		{ "bitbucket", FORGE_BITBUCKET_SERVER },
		{ "stash", FORGE_BITBUCKET_SERVER },
		{ "gitea", FORGE_GITEA },
		{ "forgejo", FORGE_GITEA },
		{ "codeberg", FORGE_GITEA },
	};

	if (!strcmp(p->host.buf, "bitbucket.org"))
		return FORGE_BITBUCKET;
	if (!strncmp(p->path.buf, "scm/", 4))
		return FORGE_BITBUCKET_SERVER;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strstr(p->host.buf, words[i].word))
			return words[i].forge;
	return FORGE_UNKNOWN;
}

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
	add_encoded(out, key.buf + (*key.buf == '~'), "");
	strbuf_addstr(out, "/repos/");
	add_encoded(out, name + 1, "");
	strbuf_addstr(out,
		      "/pull-requests?create&sourceBranch=refs%2Fheads%2F");
	add_encoded(out, branches->from, "");
	strbuf_addstr(out, "&targetBranch=refs%2Fheads%2F");
	add_encoded(out, branches->into, "");
	return true;
}

static void add_compare(const struct review_branches *branches, struct strbuf *out)
{
	strbuf_addstr(out, "/compare/");
	add_encoded(out, branches->into, "/");
	strbuf_addstr(out, "...");
	add_encoded(out, branches->from, "/");
}

static void add_query(const char *page, const char *from, const char *into,
		      const struct review_branches *branches, struct strbuf *out)
{
	strbuf_addf(out, "%s?%s=", page, from);
	add_encoded(out, branches->from, "");
	strbuf_addf(out, "&%s=", into);
	add_encoded(out, branches->into, "");
}

static bool add_page(const struct place *p,
		     const struct review_branches *branches, struct strbuf *out)
{
	enum forge forge = forge_of(p);

	strbuf_addf(out, "%s://%s", p->scheme, p->host.buf);
	if (forge == FORGE_BITBUCKET_SERVER)
		return add_server(p->path.buf, branches, out);
	strbuf_addch(out, '/');
	add_encoded(out, p->path.buf, "/");
	switch (forge) {
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

bool review_url(const char *remote_url, const struct review_branches *branches,
		struct strbuf *out)
{
	struct place p = { .host = STRBUF_INIT, .path = STRBUF_INIT };
	AUTO_STRBUF struct strbuf url = STRBUF_INIT;
	bool known = !split(remote_url, &p);

	if (known) {
		use_web_host(&p);
		known = add_page(&p, branches, &url);
	}
	place_release(&p);
	if (known)
		strbuf_addstr(out, url.buf);
	return known;
}

static size_t address_length(const char *p)
{
	size_t len = 0;

	while (p[len] && (is_plain(p[len]) || strchr(":/?#@!$&()*+,;=%", p[len])))
		len++;
	return len;
}

bool review_url_said(const char *words, struct strbuf *out)
{
	for (const char *p = words; (p = strstr(p, "http")); p += 4) {
		size_t scheme = strspn(p, "https");
		size_t len = address_length(p);

		if (strncmp(p, "http://", 7) && strncmp(p, "https://", 8))
			continue;
		if (len <= scheme + 3)
			continue;
		strbuf_add(out, p, len);
		return true;
	}
	return false;
}
