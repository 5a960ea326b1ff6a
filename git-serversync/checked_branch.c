#include "common/base/base.h"
#include "git-serversync/checked_branch.h"

#include "common/base/mem.h"
#include "common/git/revision.h"
#include "common/text/quote.h"

#define HEADS	"refs/heads/"
#define REMOTES "refs/remotes/"

void checked_branch_release(struct checked_branch *b)
{
	free(b->name);
	*b = (struct checked_branch)CHECKED_BRANCH_INIT;
}

/* "<dir><remote>/<name>"; remote may be NULL. */
static bool take(const struct checked_branch_request *r, const char *dir,
		 const char *remote, struct checked_branch *out)
{
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;

	strbuf_addf(&ref, "%s%s%s%s", dir, remote ?: "", remote ? "/" : "",
		    r->name);
	if (!revision_of_ref(r->repo, ref.buf, &out->tip))
		return false;
	free(out->name);
	out->name = xstrdup(ref.buf + strlen(dir));
	return true;
}

static int no_branch(const struct checked_branch_request *r, const char *remote,
		     struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_text(&shown, r->name, strnlen(r->name, 200));
	if (!remote)
		return err_set(err, ERR_NOTFOUND, "there is no branch '%s'",
			       shown.buf);
	err_set(err, ERR_NOTFOUND,
		"there is no branch '%s', neither here nor known of '%s'",
		shown.buf, remote);
	return err_hint(err, "git fetch %s", remote);
}

static int find_named(const struct checked_branch_request *r,
		      const char *environment, struct checked_branch *out,
		      struct serversync_settings *settings, struct err *err)
{
	if (serversync_settings_load(r->repo, r->cfg, environment, settings,
				     err) < 0)
		return err->code;
	if (take(r, HEADS, NULL, out) || take(r, REMOTES, settings->remote, out))
		return 0;
	return no_branch(r, settings->remote, err);
}

/* HEAD's own name may tell, too. */
static int find_head(const struct checked_branch_request *r,
		     struct checked_branch *out, struct strbuf *environment,
		     struct err *err)
{
	AUTO_REF git_reference *head = NULL;
	const char *name;

	if (git_repository_head(&head, r->repo) < 0)
		return err_set(err, ERR_NOTFOUND, "HEAD has no commit yet");
	name = git_reference_name(head);
	out->tip = *git_reference_target(head);
	if (strncmp(name, HEADS, strlen(HEADS)) != 0) {
		out->name = xstrdup("HEAD");
		return 0;
	}
	out->name = xstrdup(name + strlen(HEADS));
	capture_branch_environment(out->name, environment);
	return 0;
}

int checked_branch_find(const struct checked_branch_request *r,
			struct checked_branch *out,
			struct serversync_settings *settings, struct err *err)
{
	AUTO_CHECKED_BRANCH struct checked_branch found = CHECKED_BRANCH_INIT;
	AUTO_STRBUF struct strbuf environment = STRBUF_INIT;
	int ret = 0;

	if (r->name && capture_branch_environment(r->name, &environment)) {
		ret = find_named(r, environment.buf, &found, settings, err);
	} else {
		if (!r->name)
			ret = find_head(r, &found, &environment, err);
		else if (!take(r, HEADS, NULL, &found) &&
			 !take(r, REMOTES, NULL, &found))
			ret = no_branch(r, NULL, err);
		if (!ret && !environment.len &&
		    (ret = capture_commit_environment(r->repo, &found.tip,
						      &environment, err)) < 0)
			err_prefix(err, "%s", found.name);
		if (!ret)
			ret = serversync_settings_load(
				r->repo, r->cfg, environment.buf, settings, err);
	}
	if (ret < 0)
		return ret;
	*out = found;
	found = (struct checked_branch)CHECKED_BRANCH_INIT;
	return 0;
}
