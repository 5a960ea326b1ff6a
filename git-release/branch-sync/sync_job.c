#include "common/base/base.h"
#include "git-release/branch-sync/sync_job.h"
#include "common/base/mem.h"
#include "common/git/remote.h"
#include "common/model/settings_source.h"
#include "common/model/settings_typed.h"
#include "common/text/quote.h"

#define HEADS	  "refs/heads/"
#define SHOWN_MAX 100

void sync_job_release(struct sync_job *job)
{
	for (size_t i = 0; i < job->nr; i++) {
		struct sync_branch *b = &job->branches[i];

		free(b->name);
		free(b->ref);
		free(b->tracking);
		tip_release(&b->remote);
		tip_release(&b->local);
	}
	free(job->branches);
	free(job->from);
	free(job->from_tracking);
	free(job->remote);
	free(job->finish);
	free(job->tag_name);
	strvec_release(&job->urls);
	version_tag_release(&job->tag);
	worktrees_release(&job->trees);
	strvec_release(&job->warnings);
	settings_release(&job->settings);
	config_release(&job->config);
	git_repository_free(job->repo);
}

static int bad_name(struct err *err, const char *name)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_text(&shown, name, strnlen(name, SHOWN_MAX));
	return err_set(err, ERR_FAILED, "'%s' cannot be the name of a branch",
		       shown.buf);
}

static char *format(const char *a, const char *b, const char *c)
{
	struct strbuf out = STRBUF_INIT;

	strbuf_addf(&out, "%s%s%s", a, b, c);
	return strbuf_detach(&out);
}

static char *tracking_of(const struct sync_job *job, const char *branch)
{
	AUTO_FREE char *prefix = format("refs/remotes/", job->remote, "/");

	return format(prefix, branch, "");
}

/* "refs/heads/main" is as good as "main". */
static int check_name(const char **name, struct err *err)
{
	AUTO_FREE char *ref = NULL;
	int valid = 0;

	if (!strncmp(*name, HEADS, strlen(HEADS)))
		*name += strlen(HEADS);
	ref = format(HEADS, *name, "");
	if (**name == '-' || git_reference_name_is_valid(&valid, ref) < 0 ||
	    !valid)
		return bad_name(err, *name);
	return 0;
}

static int add_branch(struct sync_job *job, const char *name, struct err *err)
{
	int ret = check_name(&name, err);

	for (size_t i = 0; !ret && i < job->nr; i++)
		if (!strcmp(job->branches[i].name, name))
			return 0;
	if (ret < 0)
		return ret;
	ALLOC_GROW(job->branches, job->nr + 1, job->alloc);
	job->branches[job->nr++] = (struct sync_branch){
		.name = xstrdup(name),
		.ref = format(HEADS, name, ""),
		.tracking = tracking_of(job, name),
	};
	return 0;
}

static int add_named(struct sync_job *job, char *const *names, struct err *err)
{
	int ret = 0;

	for (; !ret && *names; names++) {
		ret = add_branch(job, *names, err);
		if (!ret && !strcmp(job->branches[job->nr - 1].name, job->from))
			ret = err_set(err, ERR_USAGE,
				      "'%s' is what the branches are moved to",
				      job->from);
	}
	return ret;
}

/* The source itself may be among the configured ones. */
static int add_configured(struct sync_job *job, struct err *err)
{
	const struct settings_key *key =
		settings_key_find("branchsync", "branch");
	AUTO_STRVEC struct strvec names = STRVEC_INIT;
	int ret = 0;

	settings_texts(&job->settings, key, NULL, &names);
	for (const char *p = names.nr ? "" : key->fallback; *p; p += *p == ' ') {
		size_t len = strcspn(p, " ");
		AUTO_FREE char *word = xstrndup(p, len);

		strvec_push(&names, word);
		p += len;
	}
	for (size_t i = 0; !ret && i < names.nr; i++)
		if (strcmp(names.v[i], job->from) != 0)
			ret = add_branch(job, names.v[i], err);
	if (!ret && !job->nr)
		return err_set(err, ERR_FAILED,
			       "there is no branch to move to '%s'", job->from);
	return ret;
}

static const char *chosen(const struct sync_job *job, const char *option,
			  const char *name)
{
	return option ? option
		      : settings_text(&job->settings,
				      settings_key_find("branchsync", name),
				      NULL);
}

/* git makes no branch of the name "HEAD", though a remote may have one. */
static int take_finish(struct sync_job *job, const char *name, struct err *err)
{
	AUTO_FREE char *ref = NULL;
	git_oid id;
	int ret;

	if (!name)
		return 0;
	if ((ret = check_name(&name, err)) < 0)
		return ret;
	if (!strcmp(name, "HEAD"))
		return bad_name(err, name);
	job->finish = xstrdup(name);
	ref = format(HEADS, name, "");
	job->finish_is_here = !git_reference_name_to_id(&id, job->repo, ref);
	return 0;
}

static int take_names(struct sync_job *job, const struct sync_options *options,
		      struct err *err)
{
	const char *from = chosen(job, options->from, "from");
	int ret = check_name(&from, err);

	if (ret < 0)
		return ret;
	job->from = xstrdup(from);
	job->remote = xstrdup(chosen(job, options->remote, "remote"));
	job->from_tracking = tracking_of(job, from);
	if (options->back_merge) {
		char *const one[] = { (char *)(uintptr_t)options->back_merge,
				      NULL };

		return add_named(job, one, err);
	}
	if (options->branches && *options->branches)
		return add_named(job, options->branches, err);
	return add_configured(job, err);
}

static int take_tag(struct sync_job *job, const char *version, struct err *err)
{
	AUTO_STRBUF struct strbuf name = STRBUF_INIT;
	int ret;

	if (!version)
		return 0;
	job->tag_prefix = settings_text(
		&job->settings, settings_key_find("release", "tagPrefix"), NULL);
	job->tag_signed = !strcmp(
		settings_text(&job->settings,
			      settings_key_find("release", "signed"), NULL),
		"tag");
	ret = version_tag_name(version, job->tag_prefix, &name, err);
	if (ret < 0)
		return ret;
	job->tag_name = strbuf_detach(&name);
	return 0;
}

static bool has_replaced(git_repository *repo)
{
	git_reference_iterator *it = NULL;
	const char *name;
	bool has;

	if (git_reference_iterator_glob_new(&it, repo, "refs/replace/*") < 0)
		return false;
	has = !git_reference_next_name(&name, it);
	git_reference_iterator_free(it);
	return has;
}

static bool has_grafts(git_repository *repo)
{
	AUTO_FREE char *path =
		format(git_repository_commondir(repo), "info/grafts", "");
	struct stat st;

	return !stat(path, &st) && st.st_size > 0;
}

/* What is judged here must be the history that the remote has. */
static int check_history(git_repository *repo, const char *remote, struct err *err)
{
	if (git_repository_is_shallow(repo)) {
		err_set(err, ERR_REFUSED,
			"this is a shallow clone: the history needed to tell "
			"whether branches diverged is missing");
		return err_hint(err, "git fetch --unshallow %s", remote);
	}
	if (has_grafts(repo)) {
		err_set(err, ERR_REFUSED,
			"info/grafts changes the history that is seen here");
		return err_hint(err, "git replace --convert-graft-file");
	}
	if (!getenv("GIT_NO_REPLACE_OBJECTS") && has_replaced(repo)) {
		err_set(err, ERR_REFUSED,
			"replaced objects (refs/replace/) change the history "
			"that is seen here");
		return err_hint(err, "GIT_NO_REPLACE_OBJECTS=1 git branch-sync "
				     "judges the history that others see");
	}
	return 0;
}

int sync_open(struct sync_job *job, const struct sync_options *options,
	      struct err *err)
{
	struct settings_source source = { .cfg = &job->config };
	int ret;

	if ((ret = repo_open(&job->repo, err)) < 0 ||
	    (ret = config_load(&job->config, err)) < 0)
		return ret;
	source.repo = job->repo;
	if ((ret = settings_load_here(&job->settings, &source, err)) < 0 ||
	    (ret = take_names(job, options, err)) < 0 ||
	    (ret = take_finish(job, options->finish, err)) < 0 ||
	    (ret = take_tag(job, options->tag, err)) < 0 ||
	    (ret = remote_urls(job->repo, job->remote, true, &job->urls, err)) < 0)
		return ret;
	return check_history(job->repo, job->remote, err);
}
