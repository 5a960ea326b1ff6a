#include "common/base/base.h"
#include "common/git/remote.h"
#include "common/base/mem.h"
#include "common/git/run_git.h"
#include "common/text/push_report.h"
#include "common/text/quote.h"

/* 100,000 refs with long names. */
#define LIST_MAX    ((size_t)32 << 20)
#define ERRORS_MAX  ((size_t)64 << 10)
#define SHOWN_MAX   200
#define SHOWN_LINES 10

void remote_refs_release(struct remote_refs *refs)
{
	for (size_t i = 0; i < refs->nr; i++)
		free(refs->v[i].name);
	free(refs->v);
	*refs = (struct remote_refs)REMOTE_REFS_INIT;
}

/* git_remote_lookup() leaks in libgit2 1.5 built with PCRE2. */
bool remote_exists(git_repository *repo, const char *remote)
{
	AUTO_STRBUF struct strbuf key = STRBUF_INIT;
	git_config *config = NULL;
	const char *url;
	bool has = false;

	strbuf_addf(&key, "remote.%s.url", remote);
	if (*remote && *remote != '-' &&
	    !git_repository_config_snapshot(&config, repo))
		has = !git_config_get_string(&url, config, key.buf);
	git_config_free(config);
	return has;
}

int remote_check(git_repository *repo, const char *remote, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	if (remote_exists(repo, remote))
		return 0;
	quote_text(&shown, remote, strnlen(remote, SHOWN_MAX));
	err_set(err, ERR_FAILED, "there is no remote '%s'", shown.buf);
	return err_hint(err, "git remote add %s <url>", shown.buf);
}

static bool is_peeled(const char *name, size_t len)
{
	return len > 3 && !memcmp(name + len - 3, "^{}", 3);
}

/* "<id> TAB <name>"; "<name>^{}" follows the tag it belongs to. */
static int take_line(const char *line, size_t len, struct remote_refs *out)
{
	const char *name = line + GIT_OID_HEXSZ + 1;
	struct remote_ref *last = out->nr ? &out->v[out->nr - 1] : NULL;
	git_oid id;
	size_t n;

	if (len <= GIT_OID_HEXSZ + 1 || line[GIT_OID_HEXSZ] != '\t' ||
	    git_oid_fromstrn(&id, line, GIT_OID_HEXSZ) < 0)
		return -1;
	n = len - GIT_OID_HEXSZ - 1;
	if (is_peeled(name, n)) {
		n -= 3;
		if (!last || strlen(last->name) != n ||
		    memcmp(last->name, name, n) != 0)
			return -1;
		last->peeled = id;
		return 0;
	}
	ALLOC_GROW(out->v, out->nr + 1, out->alloc);
	out->v[out->nr++] = (struct remote_ref){ .name = xstrndup(name, n),
						 .id = id,
						 .peeled = id };
	return 0;
}

int remote_refs_parse(const char *text, struct remote_refs *out, struct err *err)
{
	AUTO_REMOTE_REFS struct remote_refs refs = REMOTE_REFS_INIT;

	for (const char *p = text; *p;) {
		size_t len = strcspn(p, "\n");

		if (len && take_line(p, len, &refs) < 0)
			return err_set(err, ERR_FAILED,
				       "the list of the remote's refs is not "
				       "in order");
		p += len + (p[len] == '\n');
	}
	remote_refs_release(out);
	*out = refs;
	refs = (struct remote_refs)REMOTE_REFS_INIT;
	return 0;
}

const struct remote_ref *remote_refs_find(const struct remote_refs *refs,
					  const char *name)
{
	for (size_t i = 0; i < refs->nr; i++)
		if (!strcmp(refs->v[i].name, name))
			return &refs->v[i];
	return NULL;
}

/* What git itself says, and what it always adds when it cannot connect. */
static bool is_gits(const char *line)
{
	static const char *const starts[] = {
		"fatal: ",
		"error: ",
		"hint: ",
		"warning: ",
		"Please make sure you have the correct access rights",
		"and the repository exists.",
	};

	for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
		if (!strncmp(line, starts[i], strlen(starts[i])))
			return true;
	return false;
}

/*
 * What others said: hooks of the remote ("remote: ..."), hooks of our own, and
 * ssh, whose words stand in front of git's "Could not read from remote".
 */
static void add_words(struct strbuf *out, const char *text)
{
	int lines = 0;

	for (const char *p = text; *p && lines < SHOWN_LINES;) {
		const char *next = p + strcspn(p, "\n");
		size_t len = (size_t)(next - p);

		while (len && (p[len - 1] == ' ' || p[len - 1] == '\r'))
			len--;
		if (len && !is_gits(p)) {
			strbuf_addch(out, '\n');
			quote_text(out, p, len < SHOWN_MAX ? len : SHOWN_MAX);
			lines++;
		}
		p = next + (*next == '\n');
	}
}

/* "cannot <verb> '<remote>'", with git's own explanation behind it. */
static int failed(struct err *err, const char *verb, const char *remote,
		  const struct strbuf *errors)
{
	AUTO_STRBUF struct strbuf what = STRBUF_INIT;

	strbuf_addf(&what, "cannot %s '", verb);
	quote_text(&what, remote, strnlen(remote, SHOWN_MAX));
	strbuf_addch(&what, '\'');
	git_cmd_failed(err, ERR_FAILED, what.buf, errors);
	add_words(&err->msg, errors->buf);
	return err->code;
}

static void push_all(struct strvec *out, const struct strvec *more)
{
	for (size_t i = 0; more && i < more->nr; i++)
		strvec_push(out, more->v[i]);
}

/* from: the remote, or an url of it, which may have a password in it. */
struct place {
	const char *remote, *from;
};

static int list_from(git_repository *repo, const struct place *place,
		     const struct strvec *patterns, struct remote_refs *out,
		     struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	AUTO_STRBUF struct strbuf text = STRBUF_INIT, errors = STRBUF_INIT;
	int ret, status;

	strvec_pushl(&cmd.argv, "ls-remote", "--quiet", "--", place->from, NULL);
	push_all(&cmd.argv, patterns);
	cmd.repo = repo;
	cmd.prompts = true;
	strbuf_limit(&text, LIST_MAX);
	strbuf_limit(&errors, ERRORS_MAX);
	if ((ret = git_cmd_status(&cmd, &text, &errors, &status, err)) < 0)
		return ret;
	if (status)
		return failed(err, "read", place->remote, &errors);
	return remote_refs_parse(text.buf, out, err);
}

int remote_list(git_repository *repo, const char *remote,
		const struct strvec *patterns, struct remote_refs *out,
		struct err *err)
{
	const struct place place = { .remote = remote, .from = remote };
	int ret = remote_check(repo, remote, err);

	return ret < 0 ? ret : list_from(repo, &place, patterns, out, err);
}

int remote_urls(git_repository *repo, const char *remote, bool push,
		struct strvec *out, struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	int ret;

	strvec_pushl(&cmd.argv, "remote", "get-url", "--all", NULL);
	if (push)
		strvec_push(&cmd.argv, "--push");
	strvec_pushl(&cmd.argv, "--", remote, NULL);
	cmd.repo = repo;
	strbuf_limit(&text, ERRORS_MAX);
	if ((ret = remote_check(repo, remote, err)) < 0 ||
	    (ret = git_cmd_run(&cmd, &text, err)) < 0)
		return ret;
	for (char *p = text.buf, *end; (end = strchr(p, '\n')); p = end + 1) {
		*end = '\0';
		strvec_push(out, p);
	}
	return 0;
}

int remote_check_urls(const char *remote, const struct strvec *urls,
		      struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	if (urls->nr < 2)
		return 0;
	quote_text(&shown, remote, strnlen(remote, SHOWN_MAX));
	return err_set(
		err, ERR_FAILED,
		"'%s' has %zu urls to push to, which cannot be moved together",
		shown.buf, urls->nr);
}

/* Its url where pushes go elsewhere; its name, which has settings, if not. */
static const char *pushed_to(const char *remote, const struct strvec *from,
			     const struct strvec *to)
{
	if (!from->nr || !to->nr || !strcmp(from->v[0], to->v[0]))
		return remote;
	return to->v[0];
}

int remote_list_pushed(git_repository *repo, const char *remote,
		       const struct strvec *patterns, struct remote_refs *out,
		       struct err *err)
{
	AUTO_STRVEC struct strvec from = STRVEC_INIT, to = STRVEC_INIT;
	struct place place = { .remote = remote };
	int ret;

	if ((ret = remote_urls(repo, remote, false, &from, err)) < 0 ||
	    (ret = remote_urls(repo, remote, true, &to, err)) < 0)
		return ret;
	place.from = pushed_to(remote, &from, &to);
	return list_from(repo, &place, patterns, out, err);
}

static bool all_have_places(const struct strvec *refspecs)
{
	for (size_t i = 0; i < refspecs->nr; i++)
		if (!strchr(refspecs->v[i], ':'))
			return false;
	return true;
}

int remote_fetch(git_repository *repo, const char *remote,
		 const struct strvec *refspecs, struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	AUTO_STRBUF struct strbuf errors = STRBUF_INIT;
	int ret, status;

	if ((ret = remote_check(repo, remote, err)) < 0)
		return ret;
	strvec_pushl(&cmd.argv, "fetch", "--quiet", "--no-tags",
		     "--no-write-fetch-head", "--no-recurse-submodules",
		     "--no-auto-maintenance", NULL);
	if (all_have_places(refspecs))
		strvec_push(&cmd.argv, "--refmap=");
	strvec_push(&cmd.argv, remote);
	push_all(&cmd.argv, refspecs);
	cmd.repo = repo;
	cmd.prompts = true;
	strbuf_limit(&errors, ERRORS_MAX);
	if ((ret = git_cmd_status(&cmd, NULL, &errors, &status, err)) < 0)
		return ret;
	return status ? failed(err, "fetch from", remote, &errors) : 0;
}

static int push_failed(struct err *err, const char *remote,
		       const struct strbuf *text, const struct strbuf *errors)
{
	AUTO_STRBUF struct strbuf why = STRBUF_INIT;

	strbuf_limit(&why, ERRORS_MAX);
	push_report_rejections(text->buf, &why);
	if (!why.len)
		return failed(err, "push to", remote, errors);
	err_set(err, ERR_REFUSED, "the push to '%s' was refused: %s", remote,
		why.buf);
	add_words(&err->msg, errors->buf);
	return err->code;
}

int remote_push_to(git_repository *repo, const struct remote_push *p,
		   struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	AUTO_STRBUF struct strbuf text = STRBUF_INIT, errors = STRBUF_INIT;
	int ret, status;

	if ((ret = remote_check(repo, p->remote, err)) < 0)
		return ret;
	strvec_pushl(&cmd.argv, "push", "--porcelain", "--no-follow-tags",
		     "--recurse-submodules=no", NULL);
	push_all(&cmd.argv, p->options);
	strvec_push(&cmd.argv, p->remote);
	push_all(&cmd.argv, p->refspecs);
	cmd.repo = repo;
	cmd.prompts = true;
	strbuf_limit(&text, LIST_MAX);
	strbuf_limit(&errors, ERRORS_MAX);
	if ((ret = git_cmd_status(&cmd, &text, &errors, &status, err)) < 0)
		return ret;
	if (p->words)
		add_words(p->words, errors.buf);
	return status ? push_failed(err, p->remote, &text, &errors) : 0;
}

int remote_push(git_repository *repo, const char *remote,
		const struct strvec *options, const struct strvec *refspecs,
		struct err *err)
{
	const struct remote_push p = { .remote = remote,
				       .options = options,
				       .refspecs = refspecs };

	return remote_push_to(repo, &p, err);
}
