#include "common/base/base.h"
#include "common/base/num.h"
#include "common/sys/signals.h"
#include "common/ui/amount.h"
#include "common/ui/json_out.h"
#include "common/ui/opts.h"
#include "common/ui/phases.h"
#include "common/ui/report.h"
#include "git-release/cmd_listener.h"
#include "git-release/cmd_text.h"
#include "git-release/release.h"
#include "git-release/session_reach.h"
#include "git-release/wait_option.h"

static const char *const usage[] = {
	"git release prune [--to <env>] [--keep <n>] [-n] [<options>]",
	"", "removes old releases from the server; the live one, the one to go back",
	"to and those of other tools always stay", NULL
};

struct job {
	struct session session;
	struct host *host;
	struct host_view view;
	const char *to;
	uint64_t keep, wait_ms, removed;
	bool dry_run;
};

static void job_release(struct job *job)
{
	host_close(job->host);
	host_view_release(&job->view);
	session_release(&job->session);
}

static int prune(struct job *job, const struct host_listener *listener,
		 struct err *err)
{
	AUTO_STRBUF struct strbuf request = STRBUF_INIT;
	AUTO_MESSAGE struct message reply = MESSAGE_INIT;
	struct session *s = &job->session;
	struct host_request req = {
		.listener = listener,
		.reason = "prune",
		.change = !job->dry_run,
		.wait_ms = job->wait_ms,
	};

	if (session_open(s, err) < 0 ||
	    session_find_environment(s, job->to, err) < 0 ||
	    session_target(s, err) < 0)
		return err->code;
	if (!job->keep)
		job->keep = s->env.keep;
	if (session_reach(s, &req, &job->host, &job->view, err) < 0)
		return err->code;
	request_begin(&request, "prune");
	request_add(&request, "keep", "%" PRIu64, job->keep);
	request_add(&request, "dry-run", "%d", job->dry_run);
	if (host_call(job->host, &request, &reply, err) < 0) {
		if (err->code == ERR_UNKNOWN && !err->hint.len)
			err_hint(err,
				 "see what is there with: git release status "
				 "--to %s",
				 s->env.name);
		return err->code;
	}
	return message_u64(&reply, "removed", &job->removed, err);
}

static void print_json(const struct job *job)
{
	AUTO_JSON json_t *doc = json_object();

	cmd_text_json(doc, "environment", job->session.env.name);
	json_object_set_new(doc, "keep", json_integer((json_int_t)job->keep));
	json_object_set_new(doc, "removed",
			    json_integer((json_int_t)job->removed));
	json_object_set_new(doc, "dry_run", json_boolean(job->dry_run));
	json_out_print(doc, stdout);
}

static int run(struct job *job, int verbosity, bool json)
{
	AUTO_STRBUF struct strbuf count = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	struct cmd_listener listener;
	struct phases phases;
	int ret;

	if (signals_catch(&err) < 0)
		return report_failure(&err);
	phases_init(&phases, json ? stderr : stdout, verbosity);
	cmd_listener_init(&listener, &phases, verbosity);
	ret = prune(job, &listener.listener, &err);
	amount_add_things(&count, job->removed, "release", "releases");
	if (!ret)
		phases_say(&phases, "%s %s from %s", count.buf,
			   job->dry_run ? "would be removed" : "removed",
			   job->session.env.name);
	if (!ret && json)
		print_json(job);
	phases_release(&phases);
	return ret < 0 ? report_failure(&err) : 0;
}

int cmd_prune(int argc, char **argv)
{
	CLEANUP(job_release) struct job job = { 0 };
	AUTO_ERR struct err err = ERR_INIT;
	const char *wait = NULL, *keep = NULL;
	int verbosity = 0;
	bool json = false;
	const struct opt options[] = {
		OPT_STRING(0, "to", &job.to, "env", "the environment"),
		OPT_STRING(0, "keep", &keep, "n", "good releases that stay"),
		OPT_BOOL('n', "dry-run", &job.dry_run,
			 "show what would be removed"),
		OPT_OPTIONAL(0, "wait", &wait, "time", "1h",
			     "wait while another run holds the lock"),
		OPT_BOOL(0, "json", &json, "print the result as JSON"),
		OPT_VERBOSITY(&verbosity),
		OPT_END()
	};
	enum opts_result parsed = opts_parse(&argc, argv, options, usage);

	if (parsed)
		return opts_exit_status(parsed);
	if (argc)
		return opts_usage_error(usage, options, "too many arguments");
	if (keep && (num_parse_u64(keep, strlen(keep), &job.keep) < 0 ||
		     job.keep < 1 || job.keep > 1000))
		return opts_usage_error(usage, options,
					"--keep takes a number from 1 to 1000");
	if (wait_option_parse(wait, &job.wait_ms, &err) < 0)
		return report_failure(&err);
	return run(&job, verbosity, json);
}
