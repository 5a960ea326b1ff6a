#include "common/base/base.h"
#include "common/base/num.h"
#include "common/host/told.h"
#include "common/sys/signals.h"
#include "common/ui/amount.h"
#include "common/ui/json_out.h"
#include "common/ui/opts.h"
#include "common/ui/phases.h"
#include "common/ui/report.h"
#include "git-serversync/cmd_audit.h"
#include "git-serversync/cmd_capture.h"
#include "git-serversync/cmd_colour.h"
#include "git-serversync/serversync.h"

static const char *const usage[] = {
	"git serversync [<options>] [<environment>]",
	"git serversync <command> [<options>] [<arguments>]",
	"",
	"puts what was changed on a server on a branch, for a review: the "
	"audit",
	"comes first; what is gone from the server stays in git unless a "
	"reason",
	"is given. Commands: audit, check, reject",
	NULL
};

struct capture_run {
	struct capture_job job;
	struct phases phases;
	struct host_listener listener;
	bool json;
	int verbosity;
};

static void told(void *ctx, const char *kind, const char *text)
{
	(void)ctx;
	if (told_kind(kind) == TOLD_WARNING)
		report_warning("%s", text);
}

static bool stop(void *ctx)
{
	(void)ctx;
	return signals_pending() != 0;
}

static void show_verbose(void *ctx, const char *line)
{
	struct capture_run *run = ctx;

	if (run->verbosity > 0)
		phases_say(&run->phases, "%s", line);
}

static int stopped_by_audit(const struct capture_run *run)
{
	const struct capture_job *job = &run->job;
	bool colour = cmd_colour_wanted(&job->config);
	const struct cmd_audit_stop s = {
		.audit = &job->audit,
		.environment = job->settings.environment,
		.bad = colour_code(colour, COLOUR_BAD),
		.reset = colour_code(colour, COLOUR_RESET),
		.quote_path = config_quote_path(&job->config),
	};

	if (run->json) {
		AUTO_JSON json_t *doc =
			cmd_audit_json(&job->settings, &job->audit);

		json_out_print(doc, stdout);
		return 1;
	}
	return cmd_audit_stop(&s);
}

static void show_scanned(struct capture_run *run)
{
	const struct scan_report *r = &run->job.report;
	AUTO_STRBUF struct strbuf files = STRBUF_INIT, read = STRBUF_INIT;

	amount_add_things(&files, r->looked, "file", "files");
	amount_add_count(&read, r->read);
	phases_done(&run->phases, "%s looked at, %s read", files.buf, read.buf);
}

static int look(struct capture_run *run, struct err *err)
{
	struct capture_job *job = &run->job;
	struct phases *p = &run->phases;
	AUTO_STRBUF struct strbuf files = STRBUF_INIT;
	const struct host_release *live;

	phases_start(p, "prepare");
	if (capture_job_connect(job, err) < 0)
		return err->code;
	live = host_view_live(&job->view);
	phases_done(p, "%s is live on %s",
		    live && *live->version ? live->version
		    : live		   ? live->id
					   : "a checkout",
		    job->target.place);
	phases_start(p, "scan");
	if (capture_job_scan(job, err) < 0)
		return err->code;
	show_scanned(run);
	phases_start(p, "capture");
	if (capture_job_decide(job, err) < 0)
		return err->code;
	amount_add_things(&files, job->capture.nr, "file differs",
			  "files differ");
	phases_done(p, "%s", files.buf);
	return 0;
}

static int publish(struct capture_run *run, struct err *err)
{
	struct capture_job *job = &run->job;
	struct phases *p = &run->phases;

	phases_start(p, "commit");
	if (capture_job_commit(job, err) < 0)
		return err->code;
	phases_done(p, "%s", job->capture.branch);
	if (job->options.no_push)
		return 0;
	phases_start(p, "push");
	if (capture_job_push(job, err) < 0)
		return err->code;
	phases_done(p, job->was_pushed ? "%s has it" : "to %s",
		    job->settings.remote);
	if (job->options.no_review)
		return 0;
	phases_start(p, "review");
	if (capture_job_review(job, err) < 0)
		return err->code;
	phases_skip(p);
	return 0;
}

/* A release of ours is compared again by the next, which goes by all of it. */
static void hint_at_left(const struct capture_run *run)
{
	const struct capture *c = &run->job.capture;
	size_t gone = 0, left = c->nr_ignored;

	for (size_t i = 0; i < c->nr; i++) {
		gone += !c->v[i].taken && c->v[i].status == 'D';
		left += !c->v[i].taken && c->v[i].status != 'D';
	}
	if (run->verbosity < 0 || run->json)
		return;
	if (gone)
		report_hint("git serversync --delete <path>=<reason> %s "
			    "deletes in git what is gone from the server",
			    c->environment);
	if (left && run->job.report.kind == SCAN_SEALED)
		report_hint("what is not taken still stops git release, see "
			    "SERVER EDITS in git help release");
}

static int found_nothing(const struct capture_run *run,
			 const struct cmd_capture_view *view)
{
	const struct capture *c = &run->job.capture;

	if (!run->json) {
		if (run->verbosity >= 0)
			cmd_capture_list(view);
		if (!c->unknown.nr)
			printf("%s\n", c->nr || c->nr_merged
					       ? "Nothing to capture"
					       : "No server-side changes");
	}
	if (c->unknown.nr)
		report_error("not all of the server could be read: whether it "
			     "was changed there is unknown");
	hint_at_left(run);
	return c->unknown.nr > 0;
}

static int show(struct capture_run *run)
{
	const struct capture_job *job = &run->job;
	const struct cmd_capture_view view = {
		.job = job,
		.quote_path = config_quote_path(&job->config),
		.colour = cmd_colour_wanted(&job->config),
		.verbosity = run->verbosity,
	};

	for (size_t i = 0; i < job->warnings.nr; i++)
		report_warning("%s", job->warnings.v[i]);
	if (run->json) {
		AUTO_JSON json_t *doc = cmd_capture_json(job);

		json_out_print(doc, stdout);
	}
	if (!capture_taken(&job->capture))
		return found_nothing(run, &view);
	if (job->capture.unknown.nr)
		report_warning("not all of the server could be read");
	if (run->json)
		return 0;
	if (run->verbosity >= 0)
		cmd_capture_list(&view);
	cmd_capture_outcome(&view);
	hint_at_left(run);
	return 0;
}

static int capture(struct capture_run *run)
{
	struct capture_job *job = &run->job;
	AUTO_ERR struct err err = ERR_INIT;
	int ret;

	if (signals_catch(&err) < 0 || capture_job_audit(job, &err) < 0)
		return report_failure(&err);
	if (job->audit.verdict == AUDIT_STOP ||
	    job->audit.verdict == AUDIT_UNPROVEN)
		return stopped_by_audit(run);
	ret = look(run, &err);
	if (!ret && capture_taken(&job->capture) && !job->options.dry_run)
		ret = publish(run, &err);
	if (ret < 0) {
		if (run->phases.name)
			phases_skip(&run->phases);
		/* Which signal it was, the agent cannot know. */
		if (signals_pending())
			err.code = signals_pending();
		return report_failure(&err);
	}
	return show(run);
}

int cmd_serversync(int argc, char **argv)
{
	struct capture_run run = { .job = CAPTURE_JOB_INIT };
	struct capture_options *o = &run.job.options;
	const char *max_delete = NULL;
	const struct opt options[] = {
		OPT_BOOL('n', "dry-run", &o->dry_run,
			 "show what would be captured, do nothing"),
		OPT_BOOL(0, "no-push", &o->no_push,
			 "keep the capture in this repository"),
		OPT_BOOL(0, "no-review", &o->no_review,
			 "push, and open no review request"),
		OPT_LIST(0, "delete", &o->deletions, "<path>=<reason>",
			 "delete what is gone from the server"),
		OPT_STRING(0, "max-delete", &max_delete, "n",
			   "stop when more files are gone"),
		OPT_STRING(0, "base", &o->base, "commit",
			   "the commit that is live on the server"),
		OPT_BOOL(0, "update", &o->update,
			 "go on with the open review of the environment"),
		OPT_BOOL(0, "json", &run.json, "print the result as JSON"),
		OPT_VERBOSITY(&run.verbosity),
		OPT_END()
	};
	enum opts_result parsed = opts_parse(&argc, argv, options, usage);
	int status;

	if (!parsed && argc > 1)
		parsed = opts_usage_error(usage, options,
					  "one environment at a time");
	o->max_delete_set = max_delete != NULL;
	if (!parsed && max_delete &&
	    num_parse_u64(max_delete, strlen(max_delete), &o->max_delete) < 0)
		parsed = opts_usage_error(usage, options,
					  "--max-delete needs a number");
	if (!parsed && o->update && (o->no_push || o->no_review))
		parsed = opts_usage_error(
			usage, options, "--update goes with a push and a review");
	if (parsed) {
		strvec_release(&o->deletions);
		return opts_exit_status(parsed);
	}
	o->environment = argc ? argv[0] : NULL;
	run.listener = (struct host_listener){ .told = told, .stop = stop };
	o->listener = &run.listener;
	o->verbose = show_verbose;
	o->ctx = &run;
	phases_init(&run.phases, stderr, run.verbosity);
	status = capture(&run);
	phases_release(&run.phases);
	capture_job_release(&run.job);
	return status;
}
