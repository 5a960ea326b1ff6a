#include "common/base/base.h"
#include "git-serversync/capture_job.h"

#include "common/base/mem.h"
#include "common/sys/clock.h"
#include "common/sys/signals.h"
#include "git-serversync/capture_changes.h"
#include "git-serversync/capture_contents.h"
#include "git-serversync/capture_deletions.h"
#include "git-serversync/capture_merged.h"

void capture_job_release(struct capture_job *job)
{
	host_close(job->host);
	host_view_release(&job->view);
	server_target_release(&job->target);
	scan_report_release(&job->report);
	capture_base_release(&job->base);
	capture_scope_release(&job->scope);
	capture_release(&job->capture);
	capture_branches_release(&job->branches);
	strbuf_release(&job->words);
	strvec_release(&job->warnings);
	strvec_release(&job->options.deletions);
	capture_update_release(&job->update);
	review_access_free(job->access);
	review_outcome_release(&job->review);
	symmetry_audit_release(&job->audit);
	project_files_release(&job->files);
	environment_release(&job->env);
	serversync_settings_release(&job->settings);
	config_release(&job->config);
	git_repository_free(job->repo);
}

int capture_job_audit(struct capture_job *job, struct err *err)
{
	AUTO_PROC struct proc git = PROC_INIT;

	if (capture_deletions_check(&job->options.deletions, err) < 0)
		return err->code;
	/* libgit2 takes as long to start as git to read. */
	if (config_start(&git, err) < 0 || repo_open(&job->repo, err) < 0 ||
	    config_finish(&job->config, &git, err) < 0 ||
	    serversync_settings_load(job->repo, &job->config,
				     job->options.environment, &job->settings,
				     err) < 0 ||
	    project_files_open(&job->files, job->repo, err) < 0)
		return err->code;
	return symmetry_audit_run(&job->settings, &job->files, &job->audit, err);
}

/* What is there, and does the audit speak of it? */
static int check_view(const struct capture_job *job, struct err *err)
{
	const struct host_release *live = host_view_live(&job->view);
	bool plain = !strcmp(job->view.state, "plain");

	if (!live && !plain) {
		err_set(err, ERR_REFUSED, "STOP: nothing is live in '%s'",
			job->target.place);
		return err_hint(
			err,
			"git config release.%s.url says where it should "
			"be",
			job->settings.environment);
	}
	if (job->audit.verdict != AUDIT_NOTHING || (live && !live->foreign))
		return 0;
	err_set(err, ERR_REFUSED,
		"STOP: git release did not make what is live, and nothing "
		"tells "
		"what its deploy clears away");
	return err_hint(err, "name the deploy file with serversync.deployFile, "
			     "or list what is only in git with "
			     "serversync.gitOnly");
}

int capture_job_connect(struct capture_job *job, struct err *err)
{
	const struct server_target_request req = { .repo = job->repo,
						   .cfg = &job->config,
						   .env = &job->env };
	struct host_request open = { .target = &job->target.target,
				     .listener = job->options.listener,
				     .reason = "serversync",
				     .plain = true };

	job->target.target.verbose = job->options.verbose;
	job->target.target.ctx = job->options.ctx;
	if (serversync_environment(job->repo, &job->config, &job->settings,
				   &job->env, err) < 0 ||
	    server_target_find(&req, &job->target, err) < 0)
		return err->code;
	if (!job->options.dry_run && capture_job_check(job, err) < 0)
		return err->code;
	open.who = job->target.who;
	if (host_open(&open, &job->host, &job->view, err) < 0)
		return err->code;
	return check_view(job, err);
}

static void set_scope(struct capture_job *job)
{
	const struct environment *env = &job->env;
	const struct symmetry_audit *a = &job->audit;
	struct capture_scope *s = &job->scope;

	for (size_t i = 0; i < env->nr_shared; i++)
		strvec_push(&s->apart, env->shared[i].path);
	for (size_t i = 0; i < env->writable.nr; i++)
		strvec_push(&s->apart, env->writable.v[i]);
	for (size_t i = 0; i < a->kept.nr; i++)
		strvec_push(&s->git_only, a->kept.v[i].path);
	for (size_t i = 0; i < a->cleared.paths.nr; i++)
		strvec_push(&s->cleared, a->cleared.paths.v[i].path);
	for (size_t i = 0; i < job->settings.exclude.nr; i++) {
		const char *pattern = job->settings.exclude.v[i];

		ignore_rules_add(&s->exclude, "", pattern, strlen(pattern));
	}
}

static bool have_package(const struct capture_job *job)
{
	const struct host_release *live = host_view_live(&job->view);
	AUTO_COMMIT git_commit *commit = NULL;
	git_oid id;

	return live && !git_oid_fromstr(&id, live->package) &&
	       !git_commit_lookup(&commit, job->repo, &id);
}

int capture_job_scan(struct capture_job *job, struct err *err)
{
	AUTO_STRBUF struct strbuf cache = STRBUF_INIT;
	struct host_scan_request req = {
		.view = &job->view,
		.skip = &job->scope.apart,
		.plain = !strcmp(job->view.state, "plain"),
		.look_only = job->options.dry_run,
		.origin = !have_package(job),
	};

	set_scope(job);
	repo_state_path(job->repo, "scan", &cache);
	req.cache = cache.buf;
	if (signals_check(err) < 0 ||
	    host_scan(job->host, &req, &job->report, err) < 0)
		return err->code;
	return signals_check(err);
}

/* Who, where and when, for the message and for whoever reads the result. */
static void describe(struct capture_job *job)
{
	const struct host_release *live = host_view_live(&job->view);
	struct capture *c = &job->capture;
	char now[CLOCK_STAMP_SIZE];

	clock_stamp(time(NULL), now);
	c->environment = xstrdup(job->settings.environment);
	c->server = xstrdup(job->target.place);
	c->release = xstrdup(job->report.release ?: "");
	c->version = xstrdup(live && live->version ? live->version : "");
	c->captured_at = xstrdup(now);
	c->base = job->base.commit;
}

static int find_base(struct capture_job *job, struct err *err)
{
	const struct capture_base_query q = { .repo = job->repo,
					      .settings = &job->settings,
					      .revision = job->options.base,
					      .view = &job->view,
					      .report = &job->report };

	if (capture_base_find(&q, &job->base, err) < 0)
		return err->code;
	if (job->base.warning)
		strvec_push(&job->warnings, job->base.warning);
	return 0;
}

static int find_changes(struct capture_job *job, struct err *err)
{
	const struct capture_sources from = {
		.repo = job->repo,
		.base = job->base.commit,
		.base_tree = job->base.tree,
		.has_package = job->base.has_package,
		.package_tree = job->base.package_tree,
		.subdirectory = job->base.subdirectory,
		.scope = &job->scope,
	};
	uint64_t max = job->options.max_delete_set ? job->options.max_delete
						   : job->settings.max_delete;

	if (capture_changes_find(&from, &job->report, &job->capture, err) < 0)
		return err->code;
	if (capture_deletions_limit(&job->capture, max, err) < 0)
		return err->code;
	if (capture_deletions_apply(&job->options.deletions, &job->capture,
				    err) < 0)
		return err->code;
	return capture_merged_drop(job->repo, &job->settings, &job->capture, err);
}

int capture_job_decide(struct capture_job *job, struct err *err)
{
	struct capture_taking taking = {
		.repo = job->repo,
		.host = job->host,
		.report = &job->report,
		.max_file_size = job->settings.max_file_size,
		.look_only = job->options.dry_run,
	};
	AUTO_TREE git_tree *base = NULL, *last = NULL;

	if (find_base(job, err) < 0)
		return err->code;
	describe(job);
	if (find_changes(job, err) < 0)
		return err->code;
	if (git_tree_lookup(&base, job->repo, &job->base.tree) < 0)
		return err_git(err, ERR_FAILED, "cannot read the live commit");
	if (capture_branches_last(job->repo, job->settings.environment, &last,
				  err) < 0)
		return err->code;
	taking.base = base;
	taking.last = last;
	if (capture_contents_take(&taking, &job->capture, err) < 0)
		return err->code;
	return signals_check(err);
}
