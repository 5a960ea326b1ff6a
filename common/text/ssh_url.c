#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/base/num.h"
#include "common/text/quote.h"
#include "common/text/ssh_url.h"

/* Longer than any path or name that can exist (PATH_MAX, DNS). */
#define MAX_URL 8192

void ssh_url_release(struct ssh_url *url)
{
	static const struct ssh_url empty = SSH_URL_INIT;

	free(url->user);
	free(url->host);
	free(url->root);
	*url = empty;
}

static int bad_url(const char *text, const char *why, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_text(&shown, text, strlen(text));
	return err_set(err, ERR_FAILED, "bad url '%s': %s", shown.buf, why);
}

int ssh_name_check(const char *what, const char *name, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
	const char *why = NULL;
	const unsigned char *p;

	if (!*name)
		why = "it is empty";
	else if (*name == '-')
		why = "it starts with '-'";
	for (p = (const unsigned char *)name; *p && !why; p++)
		if (*p <= ' ' || *p == 0x7f)
			why = "it holds a blank or a control character";
	if (!why)
		return 0;
	quote_text(&shown, name, strlen(name));
	return err_set(err, ERR_FAILED, "refusing the %s '%s': %s", what,
		       shown.buf, why);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* ssh:// paths are percent-encoded, as git reads them; NULL when badly so. */
static char *percent_decode(const char *s, size_t len)
{
	char *out = xstrndup(s, len), *to = out;
	size_t i;

	for (i = 0; i < len; i++) {
		int hi, lo;

		if (s[i] != '%') {
			*to++ = s[i];
			continue;
		}
		hi = len - i > 2 ? hex_digit(s[i + 1]) : -1;
		lo = len - i > 2 ? hex_digit(s[i + 2]) : -1;
		if (hi < 0 || lo < 0 || !(hi | lo)) {
			free(out);
			return NULL;
		}
		*to++ = (char)(hi << 4 | lo);
		i += 2;
	}
	*to = '\0';
	return out;
}

/*
 * The root as sh on the server must see it. No shell expands it there, so
 * a leading "~/" becomes what it means, relative to the login's home.
 */
static int set_root(struct ssh_url *url, const char *text, const char *path,
		    struct err *err)
{
	AUTO_STRBUF struct strbuf root = STRBUF_INIT;

	if (strpbrk(path, "\n\r"))
		return bad_url(text, "a root cannot hold a line break", err);
	if (!strncmp(path, "/~", 2))
		path++;
	if (*path == '~') {
		if (path[1] && path[1] != '/')
			return bad_url(text, "only the login's own ~ is known",
				       err);
		path++;
		while (*path == '/')
			path++;
	}
	if (*path == '-')
		strbuf_addstr(&root, "./");
	strbuf_addstr(&root, *path ? path : ".");
	while (root.len > 1 && root.buf[root.len - 1] == '/')
		strbuf_setlen(&root, root.len - 1);
	url->root = strbuf_detach(&root);
	return 0;
}

static int set_port(struct ssh_url *url, const char *text, const char *port,
		    struct err *err)
{
	if (num_parse_u32(port, strlen(port), &url->port) < 0 || !url->port ||
	    url->port > 65535)
		return bad_url(text, "the port is not between 1 and 65535", err);
	return 0;
}

/*
 * "host", "host:port" (when a port may follow), "[::1]", "[::1]:port" and
 * git's "[host:port]".
 */
static int set_host(struct ssh_url *url, const char *text, char *host,
		    struct err *err)
{
	char *port = NULL, *end;

	if (*host == '[') {
		end = strchr(host, ']');
		if (!end || (end[1] && end[1] != ':'))
			return bad_url(text, "the brackets do not match", err);
		port = end[1] ? end + 2 : NULL;
		*end = '\0';
		host++;
	}
	/* More than one colon is an IPv6 address, not a port. */
	end = strchr(host, ':');
	if (!port && end && !strchr(end + 1, ':')) {
		*end = '\0';
		port = end + 1;
	}
	if (port && *port && set_port(url, text, port, err) < 0)
		return err->code;
	if (ssh_name_check("host", host, err) < 0)
		return err->code;
	url->host = xstrdup(host);
	return 0;
}

static int set_login(struct ssh_url *url, const char *text, char *login,
		     struct err *err)
{
	char *at = strrchr(login, '@');

	if (at) {
		*at = '\0';
		if (ssh_name_check("user", login, err) < 0)
			return err->code;
		url->user = xstrdup(login);
		login = at + 1;
	}
	return set_host(url, text, login, err);
}

static int parse_ssh(const char *text, struct ssh_url *url, struct err *err)
{
	const char *start = text + strlen("ssh://");
	size_t len = strcspn(start, "/");
	AUTO_FREE char *login = percent_decode(start, len);
	AUTO_FREE char *path = percent_decode(start + len, strlen(start + len));

	if (!login || !path)
		return bad_url(text, "a % is not followed by two hex digits",
			       err);
	if (!*path)
		return bad_url(text, "no path follows the host", err);
	if (set_login(url, text, login, err) < 0)
		return err->code;
	return set_root(url, text, path, err);
}

/* The colon that ends the host of "host:path"; NULL when text is a path. */
static const char *host_end(const char *text)
{
	const char *at = strchr(text, '@');
	const char *slash = strchr(text, '/');
	const char *host = at && (!slash || at < slash) ? at + 1 : text;
	const char *close, *colon;

	if (*host == '[' && (close = strchr(host, ']')) && close[1] == ':')
		return close + 1;
	colon = strchr(text, ':');
	return colon && (!slash || colon < slash) ? colon : NULL;
}

static int parse_into(const char *text, struct ssh_url *url, struct err *err)
{
	const char *colon;

	if (!*text)
		return bad_url(text, "it is empty", err);
	if (strlen(text) > MAX_URL)
		return err_set(err, ERR_FAILED,
			       "a url of %zu bytes is too long", strlen(text));
	if (!strncmp(text, "ssh://", 6))
		return parse_ssh(text, url, err);
	if (strstr(text, "://"))
		return bad_url(text, "only ssh:// and paths are known", err);
	colon = host_end(text);
	if (!colon) {
		if (strpbrk(text, "\n\r"))
			return bad_url(text, "a root cannot hold a line break",
				       err);
		url->local = true;
		url->root = xstrdup(text);
		return 0;
	}

	AUTO_FREE char *login = xstrndup(text, (size_t)(colon - text));

	if (set_login(url, text, login, err) < 0)
		return err->code;
	return set_root(url, text, colon + 1, err);
}

int ssh_url_parse(const char *text, struct ssh_url *out, struct err *err)
{
	AUTO_SSH_URL struct ssh_url url = SSH_URL_INIT;
	static const struct ssh_url empty = SSH_URL_INIT;

	if (parse_into(text, &url, err) < 0)
		return err->code;
	*out = url;
	url = empty;
	return 0;
}
