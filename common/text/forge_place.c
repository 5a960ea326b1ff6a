#include "common/base/base.h"
#include "common/text/forge_place.h"
#include "common/text/url_text.h"

void forge_place_release(struct forge_place *p)
{
	strbuf_release(&p->host);
	strbuf_release(&p->path);
}

/* Lower case; -1 when it is no name of a host, such as "[::1]". */
static int take_host(const char *host, size_t len, bool port,
		     struct forge_place *out)
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
		if (!url_is_plain(c) && !(port && c == ':'))
			return -1;
		strbuf_addch(&out->host, c);
	}
	return 0;
}

static int take_path(const char *path, struct forge_place *out)
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
static int split_scp(const char *url, struct forge_place *out)
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

static int split(const char *url, struct forge_place *out)
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
static void use_web_host(struct forge_place *p)
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

static enum forge_kind kind_of(const struct forge_place *p)
{
	static const struct {
		const char *word;
		enum forge_kind kind;
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
	if (p->host.len > 8 &&
	    !strcmp(p->host.buf + p->host.len - 8, ".ghe.com"))
		return FORGE_GITHUB;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strstr(p->host.buf, words[i].word))
			return words[i].kind;
	return FORGE_UNKNOWN;
}

int forge_place_of(const char *url, struct forge_place *p)
{
	if (split(url, p) < 0)
		return -1;
	use_web_host(p);
	p->kind = kind_of(p);
	return 0;
}

void forge_place_is(struct forge_place *p, const char *name)
{
	static const struct {
		const char *name;
		enum forge_kind kind;
	} names[] = {
		{ "github", FORGE_GITHUB },
		{ "gitlab", FORGE_GITLAB },
		{ "bitbucket", FORGE_BITBUCKET_SERVER },
		{ "gitea", FORGE_GITEA },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(name, names[i].name))
			p->kind = names[i].kind;
	if (p->kind == FORGE_BITBUCKET_SERVER &&
	    !strcmp(p->host.buf, "bitbucket.org"))
		p->kind = FORGE_BITBUCKET;
}
