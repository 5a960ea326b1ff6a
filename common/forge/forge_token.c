#include "common/base/base.h"
#include "common/forge/forge_token.h"
#include "common/base/mem.h"
#include "common/git/run_git.h"

#include <strings.h>

#define CREDENTIAL_MAX	  ((size_t)64 << 10)
#define HELPER_TIMEOUT_MS 30000

struct variable {
	enum forge_kind kind;
	const char *name;
	const char *host;   /* the public one; "": none */
	const char *server; /* the variable that says whose host it is, too */
};

/* In the order they are looked at. */
static const struct variable variables[] = {
	{ FORGE_GITHUB, "GH_TOKEN", "github.com", "GITHUB_SERVER_URL" },
	{ FORGE_GITHUB, "GITHUB_TOKEN", "github.com", "GITHUB_SERVER_URL" },
	{ FORGE_GITHUB, "GH_ENTERPRISE_TOKEN", "", "GITHUB_SERVER_URL" },
	{ FORGE_GITHUB, "GH_ENTERPRISE_TOKEN", "", "GH_HOST" },
	{ FORGE_GITHUB, "GITHUB_ENTERPRISE_TOKEN", "", "GITHUB_SERVER_URL" },
	{ FORGE_GITHUB, "GITHUB_ENTERPRISE_TOKEN", "", "GH_HOST" },
	{ FORGE_GITLAB, "GITLAB_TOKEN", "gitlab.com", "CI_SERVER_URL" },
	{ FORGE_BITBUCKET, "BITBUCKET_TOKEN", "bitbucket.org", NULL },
	{ FORGE_BITBUCKET_SERVER, "BITBUCKET_TOKEN", "", NULL },
	{ FORGE_GITEA, "GITEA_TOKEN", "codeberg.org", "GITHUB_SERVER_URL" },
	{ FORGE_GITEA, "GITEA_TOKEN", "gitea.com", NULL },
};

static void wipe(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}

static void wipe_strbuf(struct strbuf *sb)
{
	if (sb->alloc)
		explicit_bzero(sb->buf, sb->alloc);
	strbuf_release(sb);
}

void forge_token_release(struct forge_token *t)
{
	wipe(t->user);
	wipe(t->secret);
	free(t->note);
	wipe_strbuf(&t->credential);
	*t = (struct forge_token)FORGE_TOKEN_INIT;
}

static bool is_cloud_of_github(const char *host)
{
	size_t len = strlen(host);

	return len > 8 && !strcmp(host + len - 8, ".ghe.com");
}

/* GH_HOST is a host's name, the others are addresses. */
static bool is_here(const char *server, const char *host)
{
	const char *url = server ? getenv(server) : NULL;
	size_t len = strlen(host);

	if (!url)
		return false;
	if (!strcmp(server, "GH_HOST"))
		return !strcasecmp(url, host);
	return !strncmp(url, "https://", 8) && !strncmp(url + 8, host, len) &&
	       strchr("/", url[8 + len]);
}

static bool is_for(const struct variable *v, const struct forge_token_request *req)
{
	if (req->configured || !strcmp(v->host, req->host) ||
	    is_here(v->server, req->host))
		return true;
	return !strcmp(v->host, "github.com") && is_cloud_of_github(req->host);
}

/* Anything else could end a header, and never was a token. */
static bool is_printable(const char *text)
{
	if (!*text)
		return false;
	for (; *text; text++)
		if (*text <= ' ' || *text > '~')
			return false;
	return true;
}

/* An app password, or an API token, of Bitbucket: "user:secret". */
static void split_user(struct forge_token *out)
{
	char *colon = strchr(out->secret, ':');
	char *secret;

	if (!colon)
		return;
	secret = xstrdup(colon + 1);
	out->user = xstrndup(out->secret, (size_t)(colon - out->secret));
	wipe(out->secret);
	out->secret = secret;
}

static void note_unused(const struct variable *v,
			const struct forge_token_request *req,
			struct forge_token *out)
{
	AUTO_STRBUF struct strbuf note = STRBUF_INIT;

	if (out->note)
		return;
	strbuf_addf(&note,
		    "%s is not sent to %s, as serversync.api does not name "
		    "that host",
		    v->name, req->host);
	out->note = strbuf_detach(&note);
}

static int take_variable(const struct variable *v, const char *value,
			 struct forge_token *out, struct err *err)
{
	if (!is_printable(value))
		return err_set(err, ERR_FAILED,
			       "%s holds characters that no token has", v->name);
	out->source = v->name;
	out->secret = xstrdup(value);
	if (v->kind == FORGE_BITBUCKET)
		split_user(out);
	return 0;
}

static int from_environment(const struct forge_token_request *req,
			    struct forge_token *out, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(variables) && !out->secret; i++) {
		const struct variable *v = &variables[i];
		const char *value = getenv(v->name);

		if (v->kind != req->kind || !value || !*value)
			continue;
		if (!is_for(v, req))
			note_unused(v, req, out);
		else if (take_variable(v, value, out, err) < 0)
			return err->code;
	}
	return 0;
}

/* The value of "key=value" among lines, or NULL. */
static char *line_value(const struct strbuf *lines, const char *key)
{
	size_t len = strlen(key);

	for (const char *p = lines->buf; *p;) {
		size_t n = strcspn(p, "\n");

		if (n > len && !strncmp(p, key, len) && p[len] == '=')
			return xstrndup(p + len + 1, n - len - 1);
		p += n + (p[n] == '\n');
	}
	return NULL;
}

/*
 * No helper may ask either: not with a window of its own, and not through a
 * program that git would ask in place of the terminal.
 */
static int ask_git(git_repository *repo, const char *verb,
		   const struct strbuf *input, struct strbuf *out,
		   struct err *lost)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	AUTO_STRBUF struct strbuf errors = STRBUF_INIT;
	int status;

	strvec_pushl(&cmd.argv, "-c", "credential.interactive=false",
		     "credential", verb, NULL);
	strvec_pushl(&cmd.env, "GIT_ASKPASS=", "GCM_INTERACTIVE=never", NULL);
	cmd.repo = repo;
	cmd.input = input->buf;
	cmd.input_len = input->len;
	cmd.timeout_ms = HELPER_TIMEOUT_MS;
	strbuf_limit(&errors, CREDENTIAL_MAX);
	if (git_cmd_status(&cmd, out, &errors, &status, lost) < 0)
		return -1;
	return status ? -1 : 0;
}

/*
 * Which of the two ways: a host that takes passwords takes them, and tokens in
 * their place, as basic authentication; the others want the token alone.
 */
static bool wants_user(enum forge_kind kind, const char *user)
{
	if (!user || !strcmp(user, "x-token-auth"))
		return false;
	return kind == FORGE_BITBUCKET || kind == FORGE_BITBUCKET_SERVER ||
	       kind == FORGE_GITEA;
}

static void take_credential(const struct forge_token_request *req,
			    struct forge_token *out)
{
	char *user = line_value(&out->credential, "username");
	char *secret = line_value(&out->credential, "password");
	bool job = user && !strcmp(user, "gitlab-ci-token");

	/* The token of a GitLab job may push, and not open requests. */
	if (secret && is_printable(secret) && !job) {
		out->source = "git's credential helper";
		out->secret = TAKE_PTR(secret);
		if (wants_user(req->kind, user))
			out->user = TAKE_PTR(user);
	}
	wipe(user);
	wipe(secret);
	if (!out->secret)
		wipe_strbuf(&out->credential);
}

static void from_helper(const struct forge_token_request *req,
			struct forge_token *out)
{
	AUTO_STRBUF struct strbuf input = STRBUF_INIT;
	AUTO_ERR struct err lost = ERR_INIT;

	strbuf_addf(&input, "protocol=https\nhost=%s\n", req->host);
	if (!strchr(req->path, '\n'))
		strbuf_addf(&input, "path=%s.git\n", req->path);
	strbuf_addch(&input, '\n');
	/* Room for all of it: growing would leave copies behind. */
	strbuf_limit(&out->credential, CREDENTIAL_MAX);
	strbuf_grow(&out->credential, CREDENTIAL_MAX);
	if (!ask_git(req->repo, "fill", &input, &out->credential, &lost)) {
		take_credential(req, out);
		return;
	}
	wipe_strbuf(&out->credential);
	/* Not that it has none: it did not end, or said no end of things. */
	if (lost.code && !out->note)
		out->note = xstrdup(lost.msg.buf);
}

int forge_token_find(const struct forge_token_request *req,
		     struct forge_token *out, struct err *err)
{
	out->repo = req->repo;
	if (from_environment(req, out, err) < 0)
		return err->code;
	if (!out->secret)
		from_helper(req, out);
	return 0;
}

void forge_token_tell(struct forge_token *t, bool accepted)
{
	AUTO_ERR struct err lost = ERR_INIT;

	if (!t->credential.len)
		return;
	/* Whatever becomes of it: it is the helper's business. */
	(void)ask_git(t->repo, accepted ? "approve" : "reject", &t->credential,
		      NULL, &lost);
	wipe_strbuf(&t->credential);
}
