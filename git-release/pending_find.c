#include "common/base/base.h"
#include "git-release/pending.h"

#include "common/base/mem.h"
#include "common/git/revision.h"
#include "common/model/records.h"
#include "common/model/records_sync.h"
#include "common/model/settings_source.h"
#include "common/text/quote.h"
#include "git-release/release.h"

#define SHOWN_MAX 60

void pending_init(struct pending *p)
{
	*p = (struct pending){ .warnings = STRVEC_INIT };
}

void pending_release(struct pending *p)
{
	session_release(&p->session);
	release_branch_release(&p->branch);
	free(p->env);
	free(p->label);
	package_release(&p->package);
	for (size_t i = 0; i < p->nr_commits; i++) {
		free(p->commits[i].author);
		free(p->commits[i].subject);
	}
	free(p->commits);
	for (size_t i = 0; i < p->nr_files; i++)
		free(p->files[i].path);
	free(p->files);
	strvec_release(&p->warnings);
}

bool pending_differs(const struct pending *p)
{
	return !p->known || p->nr_files || p->build_changed;
}

/* As it was fetched last, or the local one where there is no remote. */
static int find_known_tip(struct pending *p, struct err *err)
{
	git_repository *repo = p->session.repo;
	const struct release_branch *b = &p->branch;
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;

	strbuf_addf(&ref, "refs/remotes/%s/%s", b->remote, b->name);
	if (!repo_ref_id(repo, ref.buf, &p->tip, &ignored)) {
		p->label = xstrdup(ref.buf + strlen("refs/remotes/"));
		return 0;
	}
	if (!repo_ref_id(repo, b->ref, &p->tip, &ignored)) {
		p->label = xstrdup(b->name);
		return 0;
	}
	err_set(err, ERR_FAILED, "there is no branch '%s', here or on '%s'",
		b->name, b->remote);
	return err_hint(err, "name the branch that is released: "
			     "git config release.branch <branch>");
}

static int find_remote_tip(struct pending *p, struct err *err)
{
	AUTO_REMOTE_REFS struct remote_refs refs = REMOTE_REFS_INIT;
	AUTO_STRVEC struct strvec patterns = STRVEC_INIT;
	AUTO_STRBUF struct strbuf label = STRBUF_INIT;
	struct release_branch *b = &p->branch;
	int ret;

	strvec_push(&patterns, b->ref);
	if ((ret = remote_list(p->session.repo, b->remote, &patterns, &refs,
			       err)) < 0 ||
	    (ret = release_branch_fetch(&p->session, b, &refs, err)) < 0)
		return ret;
	p->tip = b->tip;
	strbuf_addf(&label, "%s/%s", b->remote, b->name);
	p->label = strbuf_detach(&label);
	return 0;
}

static int find_named(struct pending *p, struct err *err)
{
	const char *name = p->options.commit;
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
	int ret = revision_commit(p->session.repo, name, &p->tip, err);

	if (ret < 0)
		return ret;
	quote_text(&shown, name, strnlen(name, SHOWN_MAX));
	p->label = strbuf_detach(&shown);
	return 0;
}

static int find_tip(struct pending *p, struct err *err)
{
	bool fetch = !p->options.no_sync &&
		     remote_exists(p->session.repo, p->branch.remote);
	struct records_sync sync = RECORDS_SYNC_INIT;
	int ret = 0;

	if (!p->options.commit)
		ret = fetch ? find_remote_tip(p, err) : find_known_tip(p, err);
	if (ret < 0)
		return ret;
	if (fetch) {
		records_fetch_start(&sync, p->session.repo, p->branch.remote);
		records_fetch_finish(&sync, &p->warnings);
	}
	return p->options.commit ? find_named(p, err) : 0;
}

/* Something other than a package was put there by a rollback to it. */
static int find_live(struct pending *p, struct err *err)
{
	AUTO_ERR struct err why = ERR_INIT;
	git_repository *repo = p->session.repo;
	AUTO_COMMIT git_commit *commit = NULL;
	int ret = records_get_live(repo, p->env, &p->live, &why);

	if (ret == ERR_NOTFOUND)
		return 0;
	if (ret < 0)
		return err_set(err, ret, "%s", why.msg.buf);
	if (git_commit_lookup(&commit, repo, &p->live) < 0)
		return err_git(err, ERR_FAILED,
			       "cannot read what is live on %s", p->env);
	p->known = true;
	p->live_commit = p->live;
	if (!package_read(repo, &p->live, &p->package, &why))
		p->live_commit = p->package.commit;
	return 0;
}

/* What would be built, and how, is for the commit to say. */
static int load_settings(struct pending *p, struct err *err)
{
	struct session *s = &p->session;
	const struct settings_source from = {
		.repo = s->repo,
		.cfg = &s->config,
		.verbs = release_verbs(),
	};
	AUTO_STRBUF struct strbuf label = STRBUF_INIT;

	strbuf_addf(&label, "%s:" SETTINGS_FILE, p->label);
	settings_release(&s->settings);
	if (settings_load_commit(&s->settings, &from, &p->tip, label.buf, err) < 0)
		return err->code;
	return settings_build(&s->settings, &s->build, err);
}

int pending_find(struct pending *p, struct err *err)
{
	struct session *s = &p->session;
	int ret;

	if ((ret = session_open(s, err)) < 0 ||
	    (ret = release_branch_find(s, p->options.to, &p->branch, err)) < 0)
		return ret;
	p->env = xstrdup(s->env.name ? s->env.name : "production");
	if ((ret = find_tip(p, err)) < 0 || (ret = find_live(p, err)) < 0 ||
	    (ret = pending_find_commits(p, err)) < 0 || !p->known)
		return ret;
	if ((ret = load_settings(p, err)) < 0)
		return ret;
	return pending_find_files(p, err);
}
