#include "common/base/base.h"
#include "git-release/release_job.h"

#include "common/base/mem.h"
#include "common/model/package_manifest.h"
#include "common/model/records.h"
#include "common/sys/signals.h"
#include "git-release/hook_fields.h"
#include "git-release/package_remake.h"
#include "git-release/package_validate.h"
#include "git-release/session_reach.h"
#include "git-release/switch_outcome.h"

#include <pthread.h>

void release_job_release(struct release_job *job)
{
	host_close(job->host);
	host_view_release(&job->view);
	package_release(&job->package);
	build_report_release(&job->build);
	manifest_release(&job->manifest);
	manifest_release(&job->base);
	err_release(&job->build_err);
	records_sync_release(&job->sync);
	strvec_release(&job->warnings);
	ship_source_release(&job->source);
	edit_report_release(&job->edits);
	session_release(&job->session);
	free(job->id);
	free(job->package_from);
}

int release_check(struct release_job *job, struct err *err)
{
	struct session *s = &job->session;

	if (session_open(s, err) < 0)
		return err->code;
	if (session_find_tag(s, job->options.version, job->options.to, err) < 0)
		return err->code;
	s->server.target.verbose = job->options.verbose;
	s->server.target.ctx = job->options.ctx;
	return session_target(s, err);
}

const char *release_live_version(const struct release_job *job)
{
	const struct host_release *live = host_view_live(&job->view);

	if (!live)
		return "";
	return *live->version ? live->version : live->id;
}

/* Both commits are here: then history says which one is older. */
static int check_age(struct release_job *job, struct err *err)
{
	const struct host_release *live = host_view_live(&job->view);
	git_repository *repo = job->session.repo;
	AUTO_PACKAGE struct package pkg = PACKAGE_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;
	git_oid id;

	if (job->options.allow_older || !live || !*live->package ||
	    git_oid_fromstr(&id, live->package) < 0 ||
	    package_read(repo, &id, &pkg, &ignored) < 0 ||
	    git_oid_equal(&pkg.commit, &job->session.tag.commit))
		return 0;
	if (git_graph_descendant_of(repo, &pkg.commit,
				    &job->session.tag.commit) != 1)
		return 0;
	err_set(err, ERR_REFUSED, "%s is older than %s, which is live",
		job->session.tag.name, live->version);
	return err_hint(err, "go back with git release rollback, or release "
			     "it with --allow-older");
}

static int load_manifest(struct release_job *job, const git_oid *id,
			 const git_oid *base, struct manifest *out,
			 struct err *err)
{
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT;

	if (package_manifest(job->session.repo, id, base, &raw, err) < 0)
		return err->code;
	return manifest_parse(out, &raw, err);
}

static int make_package(struct release_job *job, struct err *err)
{
	const struct build_request req = {
		.tag = &job->session.tag,
		.settings = &job->session.build,
		.validate = &job->session.env.validate,
		.rebuild = job->options.rebuild,
		.output = job->options.output,
		.step = job->options.step,
		.ctx = job->options.ctx,
	};
	AUTO_ERR struct err ignored = ERR_INIT;
	git_oid base;
	bool known;

	if (package_build(job->session.repo, &req, &job->package, &job->build,
			  err) < 0)
		return err->code;
	/* What is probably live saves looking up what did not change. */
	known = !records_get_live(job->session.repo, job->session.env.name,
				  &base, &ignored);
	if (load_manifest(job, &job->package.id, known ? &base : NULL,
			  &job->manifest, err) < 0)
		return err->code;
	/* A first release, it seems. */
	if (!known)
		ship_source_prepare(&job->source, job->session.repo,
				    job->manifest.nr);
	return 0;
}

struct connecting {
	struct release_job *job;
	struct host_request request;
	struct err err;
	int ret;
};

static void *connect_host(void *arg)
{
	struct connecting *c = arg;

	c->ret = host_open(&c->request, &c->job->host, &c->job->view, &c->err);
	return NULL;
}

/* Is there nothing to run, so that the package can be made in no time? */
static bool build_is_cheap(const struct release_job *job)
{
	const struct strvec *validate = &job->session.env.validate;
	git_repository *repo = job->session.repo;
	AUTO_PACKAGE struct package pkg = PACKAGE_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;

	if (job->options.rebuild)
		return false;
	if (!job->session.build.build.nr && !validate->nr)
		return true;
	return !package_find(repo, job->session.tag.name, &pkg, &ignored) &&
	       package_validated(repo, &pkg.id, validate);
}

/* The time that the network takes is used for the package. */
static int connect_and_build(struct release_job *job, struct connecting *c,
			     struct err *err)
{
	pthread_t thread;
	bool apart = !pthread_create(&thread, NULL, connect_host, c);

	if (build_is_cheap(job)) {
		job->built = true;
		(void)!make_package(job, &job->build_err);
	}
	if (apart)
		pthread_join(thread, NULL);
	else
		(void)connect_host(c);
	if (c->ret < 0) {
		err_set(err, c->ret, "%s", c->err.msg.buf);
		if (c->err.hint.len)
			err_hint(err, "%s", c->err.hint.buf);
	}
	err_release(&c->err);
	return c->ret;
}

int release_prepare(struct release_job *job, struct err *err)
{
	AUTO_STRBUF struct strbuf reason = STRBUF_INIT;
	struct connecting c = {
		.job = job,
		.request = {
			.target = &job->session.server.target,
			.listener = job->options.listener,
			.who = job->session.server.who,
			.change = !job->options.dry_run,
			.wait_ms = job->options.wait_ms,
		},
		.err = ERR_INIT,
	};

	strbuf_addf(&reason, "release %s to %s", job->session.tag.name,
		    job->session.env.name);
	c.request.reason = reason.buf;
	if (!job->options.no_sync && !job->options.dry_run &&
	    session_has_remote(&job->session))
		records_fetch_start(&job->sync, job->session.repo,
				    job->session.env.remote);
	if (connect_and_build(job, &c, err) < 0)
		return err->code;
	if (job->options.dry_run && *job->view.lock)
		return err_set(err, ERR_LOCKED, "locked by %s", job->view.lock);
	return check_age(job, err);
}

static void see_whether_live(struct release_job *job)
{
	const struct host_release *live = host_view_live(&job->view);
	char hex[OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof(hex), &job->package.id);
	if (!live || strcmp(live->package, hex))
		return;
	job->is_live = !job->options.again;
	job->unproven = job->is_live && !strcmp(live->state, "active");
	if (job->unproven)
		job->id = xstrdup(live->id);
}

/* The live release's package, if this repository has it. */
static bool load_base(struct release_job *job, git_oid *id)
{
	/* One who only looks is not told what a delta can build upon. */
	const char *name = job->options.dry_run ? job->view.live : job->view.base;
	const struct host_release *base =
		*name ? host_view_find(&job->view, name) : NULL;
	AUTO_ERR struct err ignored = ERR_INIT;
	AUTO_PACKAGE struct package pkg = PACKAGE_INIT;

	if (!base || !*base->package || git_oid_fromstr(id, base->package) < 0 ||
	    package_read(job->session.repo, id, &pkg, &ignored) < 0)
		return false;
	return !load_manifest(job, id, NULL, &job->base, &ignored);
}

static void count_changes(struct release_job *job)
{
	struct manifest_walk w = {
		.old = job->have_base ? &job->base : NULL,
		.new = &job->manifest,
	};

	while (manifest_walk_next(&w)) {
		job->changed += w.kind != MANIFEST_SAME;
		if (w.new_index != MANIFEST_NONE)
			job->size += job->manifest.entries[w.new_index].size;
	}
}

/* As a file, or as a directory. */
static bool has_path(const struct manifest *m, const char *path)
{
	size_t len = strlen(path);

	for (size_t i = 0; i < m->nr; i++) {
		const char *p = m->entries[i].path;

		if (!strncmp(p, path, len) && (!p[len] || p[len] == '/'))
			return true;
	}
	return false;
}

/* Names that the release itself needs. */
static int check_names(const struct manifest *m, struct err *err)
{
	static const char *const ours[] = { "REVISION", "release.json" };

	for (size_t i = 0; i < ARRAY_SIZE(ours); i++) {
		if (!has_path(m, ours[i]))
			continue;
		err_set(err, ERR_REFUSED,
			"the package has a file '%s', which git release "
			"writes itself",
			ours[i]);
		return err_hint(err, "leave it out with release.exclude = /%s",
				ours[i]);
	}
	return 0;
}

/* Somebody else released what is live, and we were not told. */
static bool remake_live(struct release_job *job)
{
	const struct host_release *live = host_view_live(&job->view);
	git_oid want;

	return live && *live->version && *live->package &&
	       git_oid_fromstr(&want, live->package) == 0 &&
	       package_remake(job->session.repo, live->version,
			      &job->session.build, &want);
}

/*
 * Packages that others made come with the records. What was built while we
 * connected needs none of them; then only the base may have to wait for it.
 */
static bool find_base(struct release_job *job)
{
	git_oid base;

	if (load_base(job, &base))
		return true;
	if (remake_live(job) && load_base(job, &base))
		return true;
	if (!job->sync.remote)
		return false;
	records_fetch_finish(&job->sync, &job->warnings);
	return load_base(job, &base);
}

int release_build(struct release_job *job, struct err *err)
{
	if (!job->built)
		records_fetch_finish(&job->sync, &job->warnings);
	if (release_fetch(job, err) < 0 ||
	    (!job->built && make_package(job, err) < 0))
		return err->code;
	if (job->build_err.code) {
		err_set(err, job->build_err.code, "%s", job->build_err.msg.buf);
		if (job->build_err.hint.len)
			err_hint(err, "%s", job->build_err.hint.buf);
		return err->code;
	}
	job->have_base = find_base(job);
	if (check_names(&job->manifest, err) < 0)
		return err->code;
	count_changes(job);
	see_whether_live(job);
	if (job->is_live)
		records_fetch_finish(&job->sync, &job->warnings);
	return signals_check(err);
}

/* The connection is gone: the server itself tells how it ended. */
static int settle(struct release_job *job, struct err *err)
{
	const struct switch_outcome outcome = {
		.session = &job->session,
		.listener = job->options.listener,
		.id = job->id,
		.before = job->view.live,
	};

	/* The agent may be well and hold the lock for what we ask next. */
	host_hang_up(job->host);
	return switch_outcome_settle(&outcome, &job->warnings, err);
}

int release_activate(struct release_job *job, struct err *err)
{
	const struct environment *env = &job->session.env;
	AUTO_STRBUF struct strbuf request = STRBUF_INIT;
	AUTO_MESSAGE struct message reply = MESSAGE_INIT;
	const char *live;
	int ret;

	request_begin(&request, "activate");
	request_add(&request, "id", "%s", job->id);
	request_add(&request, "expect", "%s", job->view.live);
	request_add(&request, "kind", "release");
	request_add(&request, "keep", "%u", env->keep);
	request_add(&request, "number", "%s", job->package.version);
	request_add(&request, "tag", "%s", job->package.tag);
	environment_fields_add(&request, env);
	hook_fields_add(&request, env, HOOK_POST);
	hook_fields_add(&request, env, HOOK_FAIL);
	job->decided = true;
	ret = host_call(job->host, &request, &reply, err);
	if (ret == ERR_FAILED && host_is_cut(job->host))
		ret = err->code = ERR_UNDONE; /* the staged release, too */
	live = message_get(&reply, "live");
	if (!ret && (!live || strcmp(live, job->id)))
		ret = err_set(err, ERR_UNKNOWN,
			      "the agent does not say that %s is live", job->id);
	if (ret == ERR_UNKNOWN && !err->hint.len)
		err_hint(err, "see what is live with: git release status --to %s",
			 env->name);
	return ret == ERR_UNKNOWN ? settle(job, err) : ret;
}
