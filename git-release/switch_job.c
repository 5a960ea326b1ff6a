#include "common/base/base.h"
#include "git-release/switch_job.h"

#include "common/text/quote.h"
#include "git-release/hook_fields.h"
#include "git-release/session_reach.h"
#include "git-release/switch_outcome.h"
#include "git-release/switch_target.h"

void switch_job_release(struct switch_job *job)
{
	host_close(job->host);
	host_view_release(&job->view);
	records_sync_release(&job->sync);
	strvec_release(&job->warnings);
	session_release(&job->session);
}

int switch_check(struct switch_job *job, struct err *err)
{
	struct session *s = &job->session;

	if (session_open(s, err) < 0 ||
	    session_find_environment(s, job->options.to, err) < 0 ||
	    settings_build(&s->settings, &s->build, err) < 0)
		return err->code;
	s->server.target.verbose = job->options.verbose;
	s->server.target.ctx = job->options.ctx;
	return session_target(s, err);
}

static bool syncs(const struct switch_job *job)
{
	return !job->options.no_sync && !job->options.dry_run &&
	       session_has_remote(&job->session);
}

static int find_target(struct switch_job *job, struct err *err)
{
	const struct switch_options *o = &job->options;

	if (!o->target)
		return switch_target_previous(&job->view, &job->target, err);
	return switch_target_find(&job->view, o->target,
				  job->session.build.tag_prefix,
				  job->session.env.name, &job->target, err);
}

int switch_choose(struct switch_job *job, struct err *err)
{
	const struct switch_options *o = &job->options;
	struct session *s = &job->session;
	AUTO_STRBUF struct strbuf reason = STRBUF_INIT;
	struct host_request req = {
		.listener = o->listener,
		.change = !o->dry_run,
		.wait_ms = o->wait_ms,
	};

	strbuf_addf(&reason, "%s %s",
		    o->rollback ? "rollback of" : "activate on", s->env.name);
	req.reason = reason.buf;
	if (syncs(job))
		records_fetch_start(&job->sync, s->repo, s->env.remote);
	if (session_reach(s, &req, &job->host, &job->view, err) < 0)
		return err->code;
	if (o->dry_run && *job->view.lock)
		return err_set(err, ERR_LOCKED, "locked by %s", job->view.lock);
	if (find_target(job, err) < 0)
		return err->code;
	/* Live but not proven: its post hooks are still to run. */
	job->is_live = job->target->live &&
		       strcmp(job->target->state, "active") != 0;
	return 0;
}

/* The tag, and the version without the tag's prefix, as a release has them. */
static void add_version(const struct switch_job *job, struct strbuf *out)
{
	AUTO_BUILD_SETTINGS struct build_settings build = BUILD_SETTINGS_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;
	const char *tag = job->target->version;
	size_t len = 0;

	if (!settings_build(&job->session.settings, &build, &ignored))
		len = strlen(build.tag_prefix);
	if (strncmp(tag, len ? build.tag_prefix : "", len) != 0)
		len = 0;
	request_add(out, "number", "%s", tag + len);
	request_add(out, "tag", "%s", tag);
}

void switch_request(const struct switch_job *job, struct strbuf *out)
{
	const struct environment *env = &job->session.env;

	request_begin(out, "activate");
	request_add(out, "id", "%s", job->target->id);
	request_add(out, "expect", "%s", job->view.live);
	request_add(out, "kind", "%s",
		    job->options.rollback ? "rollback" : "activate");
	/* Whoever goes back wants to look at what is there, not to lose it. */
	request_add(out, "keep", "0");
	if (*job->target->version)
		add_version(job, out);
	environment_fields_add(out, env);
	hook_fields_add(out, env, HOOK_POST);
	hook_fields_add(out, env, HOOK_FAIL);
}

static int lost(struct switch_job *job, struct err *err)
{
	const struct switch_outcome outcome = {
		.session = &job->session,
		.listener = job->options.listener,
		.id = job->target->id,
		.before = job->view.live,
	};

	if (!err->hint.len)
		err_hint(err, "see what is live with: git release status --to %s",
			 job->session.env.name);
	/* The agent may be well and hold the lock for what we ask next. */
	host_hang_up(job->host);
	return switch_outcome_settle(&outcome, &job->warnings, err);
}

int switch_run(struct switch_job *job, struct err *err)
{
	AUTO_STRBUF struct strbuf request = STRBUF_INIT;
	AUTO_MESSAGE struct message reply = MESSAGE_INIT;
	const char *live;

	switch_request(job, &request);
	if (host_call(job->host, &request, &reply, err) < 0)
		return err->code == ERR_UNKNOWN ? lost(job, err) : err->code;
	live = message_get(&reply, "live");
	if (!live || strcmp(live, job->target->id))
		return err_set(err, ERR_UNKNOWN,
			       "the agent does not say that %s is live",
			       job->target->id);
	return 0;
}
