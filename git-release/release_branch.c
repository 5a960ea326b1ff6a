#include "common/base/base.h"
#include "git-release/release_branch.h"

#include "common/base/mem.h"
#include "common/model/settings_typed.h"

#define DEFAULT_BRANCH "production"

void release_branch_release(struct release_branch *b)
{
	free(b->name);
	free(b->remote);
	free(b->ref);
	*b = (struct release_branch)RELEASE_BRANCH_INIT;
}

static const char *text(const struct session *s, const char *key)
{
	return settings_text(&s->settings, settings_key_find("release", key),
			     NULL);
}

int release_branch_find(struct session *s, const char *to,
			struct release_branch *out, struct err *err)
{
	AUTO_STRVEC struct strvec names = STRVEC_INIT;
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	const char *name, *remote;

	if (session_work_tree_settings(s, err) < 0 ||
	    settings_build(&s->settings, &s->build, err) < 0)
		return err->code;
	settings_list_environments(&s->settings, &names);
	if ((to || names.nr) &&
	    settings_environment(&s->settings, to, &s->env, err) < 0)
		return err->code;
	name = s->env.name ? s->env.branch : text(s, "branch");
	remote = s->env.name ? s->env.remote : text(s, "remote");
	if (!name)
		name = DEFAULT_BRANCH;
	strbuf_addf(&ref, "refs/heads/%s", name);
	release_branch_release(out);
	out->name = xstrdup(name);
	out->remote = xstrdup(remote);
	out->ref = strbuf_detach(&ref);
	return 0;
}

/* Nothing to fetch: the usual case when one has just pushed. */
static bool is_here(git_repository *repo, const struct release_branch *b)
{
	AUTO_STRBUF struct strbuf tracking = STRBUF_INIT;
	AUTO_COMMIT git_commit *commit = NULL;
	AUTO_ERR struct err ignored = ERR_INIT;
	git_oid id;

	strbuf_addf(&tracking, "refs/remotes/%s/%s", b->remote, b->name);
	return !repo_ref_id(repo, tracking.buf, &id, &ignored) &&
	       git_oid_equal(&id, &b->tip) &&
	       !git_commit_lookup(&commit, repo, &id);
}

int release_branch_fetch(struct session *s, struct release_branch *b,
			 const struct remote_refs *refs, struct err *err)
{
	const struct remote_ref *found = remote_refs_find(refs, b->ref);
	AUTO_STRVEC struct strvec specs = STRVEC_INIT;
	AUTO_COMMIT git_commit *commit = NULL;
	int ret;

	if (!found) {
		err_set(err, ERR_FAILED, "there is no branch '%s' on '%s'",
			b->name, b->remote);
		return err_hint(err, "name the branch that is released: "
				     "git config release.branch <branch>");
	}
	b->tip = found->id;
	if (is_here(s->repo, b))
		return 0;
	strvec_push(&specs, b->ref);
	if ((ret = remote_fetch(s->repo, b->remote, &specs, err)) < 0)
		return ret;
	if (git_commit_lookup(&commit, s->repo, &b->tip) < 0)
		return err_git(err, ERR_FAILED,
			       "'%s' of '%s' was moved while it was fetched",
			       b->name, b->remote);
	return 0;
}

int release_branch_has(struct session *s, const struct release_branch *b,
		       const git_oid *commit, struct err *err)
{
	int ret;

	if (git_oid_equal(commit, &b->tip))
		return 1;
	ret = git_graph_descendant_of(s->repo, &b->tip, commit);
	if (ret < 0)
		return err_git(err, ERR_FAILED, "cannot follow branch '%s/%s'",
			       b->remote, b->name);
	return ret;
}
