#include "common/base/base.h"
#include "git-release/cmd_switch.h"

#include "common/sys/signals.h"
#include "common/ui/json_out.h"
#include "common/ui/opts.h"
#include "common/ui/phases.h"
#include "common/ui/report.h"
#include "git-release/cmd_listener.h"
#include "git-release/cmd_text.h"
#include "git-release/switch_job.h"
#include "git-release/switch_target.h"
#include "git-release/wait_option.h"

static void show_phase(void *ctx, struct phases *p, const char *name,
		       const char *rest)
{
	(void)ctx;
	phases_rename(p, name);
	phases_done(p, "%s", rest);
	phases_start(p, "work");
}

static void show_chosen(const struct switch_job *job, struct phases *p)
{
	const struct host_release *live = host_view_live(&job->view);

	phases_done(p, "%s is live, going to %s",
		    live ? host_release_label(live) : "nothing",
		    host_release_label(job->target));
}

static void show_plan(const struct switch_job *job, struct phases *p)
{
	const struct env_hooks *post = &job->session.env.hooks[HOOK_POST];

	phases_start(p, "activate");
	phases_done(p, "would switch current -> releases/%s", job->target->id);
	for (size_t i = 0; i < post->nr; i++) {
		phases_start(p, "post");
		phases_done(p, "would run: %s", post->v[i].command);
	}
}

static void print_json(const struct switch_job *job, uint64_t ms)
{
	const struct host_release *t = job->target;
	AUTO_JSON json_t *doc = json_object();

	cmd_text_json(doc, "environment", job->session.env.name);
	cmd_text_json(doc, "release", t->id);
	cmd_text_json(doc, "version", t->version);
	cmd_text_json(doc, "package", t->package);
	cmd_text_json(doc, "previous", job->view.live);
	json_object_set_new(doc, "foreign", json_boolean(t->foreign));
	json_object_set_new(doc, "already_live", json_boolean(job->is_live));
	json_object_set_new(doc, "dry_run", json_boolean(job->options.dry_run));
	json_object_set_new(doc, "milliseconds", json_integer((json_int_t)ms));
	json_out_print(doc, stdout);
}

static int run(struct switch_job *job, const struct switch_words *w,
	       struct phases *p, struct err *err)
{
	AUTO_STRBUF struct strbuf took = STRBUF_INIT;
	const char *env;

	if (switch_check(job, err) < 0)
		return err->code;
	env = job->session.env.name;
	phases_say(p, "%s %s (%s)", w->doing, env, job->session.server.place);
	phases_start(p, "prepare");
	if (switch_choose(job, err) < 0)
		return err->code;
	show_chosen(job, p);
	if (job->is_live) {
		phases_say(p, "%s is live on %s already",
			   host_release_label(job->target), env);
		return 0;
	}
	if (job->options.dry_run) {
		show_plan(job, p);
		return 0;
	}
	phases_start(p, "work");
	if (switch_run(job, err) < 0) {
		switch_record(job, err);
		return err->code;
	}
	phases_skip(p);
	switch_record(job, NULL);
	for (size_t i = 0; i < job->warnings.nr; i++)
		report_warning("%s", job->warnings.v[i]);
	phases_elapsed(p, &took);
	phases_say(p, "%s %s on %s in %s", w->done,
		   host_release_label(job->target), env, took.buf);
	return 0;
}

static void show_verbose(void *ctx, const char *line)
{
	struct cmd_listener *l = ctx;

	if (l->verbosity > 0)
		phases_say(l->phases, "%s", line);
}

static int start(struct switch_job *job, const struct switch_words *w,
		 int verbosity, bool json)
{
	AUTO_ERR struct err err = ERR_INIT;
	struct phases phases;
	struct cmd_listener listener;
	int ret;

	if (signals_catch(&err) < 0)
		return report_failure(&err);
	phases_init(&phases, json ? stderr : stdout, verbosity);
	cmd_listener_init(&listener, &phases, verbosity);
	listener.phase = show_phase;
	job->options.listener = &listener.listener;
	job->options.verbose = show_verbose;
	job->options.ctx = &listener;
	ret = run(job, w, &phases, &err);
	if (ret < 0 && phases.name)
		phases_skip(&phases);
	if (!ret && json)
		print_json(job, (uint64_t)(phases.now() - phases.begun));
	phases_release(&phases);
	return ret < 0 ? report_failure(&err) : 0;
}

int cmd_switch(int argc, char **argv, const struct switch_words *w)
{
	AUTO_SWITCH_JOB struct switch_job job = SWITCH_JOB_INIT;
	struct switch_options *o = &job.options;
	AUTO_ERR struct err err = ERR_INIT;
	const char *wait = NULL;
	int verbosity = 0;
	bool json = false;
	const struct opt options[] = {
		OPT_STRING(0, "to", &o->to, "env", "the environment"),
		OPT_BOOL('n', "dry-run", &o->dry_run,
			 "show what would be done, do nothing"),
		OPT_OPTIONAL(0, "wait", &wait, "time", "1h",
			     "wait while another run holds the lock"),
		OPT_BOOL(0, "no-sync", &o->no_sync,
			 "neither fetch nor push packages and records"),
		OPT_BOOL(0, "json", &json, "print the result as JSON"),
		OPT_VERBOSITY(&verbosity),
		OPT_END()
	};
	enum opts_result parsed = opts_parse(&argc, argv, options, w->usage);

	if (parsed)
		return opts_exit_status(parsed);
	if (argc > 1 || (!argc && !w->rollback))
		return opts_usage_error(w->usage, options,
					argc ? "one release at a time"
					     : "which release or version?");
	if (wait_option_parse(wait, &o->wait_ms, &err) < 0)
		return report_failure(&err);
	o->rollback = w->rollback;
	o->target = argc ? argv[0] : NULL;
	return start(&job, w, verbosity, json);
}
