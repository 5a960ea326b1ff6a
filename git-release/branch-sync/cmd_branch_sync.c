#include "common/base/base.h"
#include "common/sys/signals.h"
#include "common/ui/opts.h"
#include "common/ui/report.h"
#include "git-release/branch-sync/branch_sync.h"
#include "git-release/branch-sync/cmd_sync_view.h"
#include "git-release/branch-sync/finish.h"
#include "git-release/branch-sync/ssh_share.h"
#include "git-release/branch-sync/sync_local.h"
#include "git-release/branch-sync/sync_push.h"

static const char *const usage[] = {
	"git branch-sync [<options>] [<branch>...]",
	"git branch-sync --back-merge <branch>",
	"",
	"fast-forwards branches to the release branch, together or not at all",
	NULL,
};

struct request {
	struct sync_options options;
	struct sync_view view;
	struct back_merge back_merge;
	const char *into; /* --back-merge */
	bool json;
};

/*
 * What has begun is gone through to its end. Where the push may still ask for
 * a password it must be at the terminal, in the reach of a Ctrl-C; then it may
 * stay unknown what it did.
 */
static int move(struct sync_job *job, const struct ssh_share *share,
		struct err *err)
{
	int ret;

	signals_hold(ssh_share_is_quiet(share));
	if ((ret = sync_push(job, err)) < 0)
		return ret;
	signals_hold(true);
	if (sync_local_move(job, err) < 0) {
		err_prefix(err,
			   "the branches on '%s' are where they should be, but "
			   "those here did not move",
			   job->remote);
		err->code = ERR_UNKNOWN;
		return err_hint(err, "git branch-sync again moves them");
	}
	signals_hold(false);
	if (signals_pending())
		return err_set(err, signals_pending(),
			       "interrupted, but not before all had moved");
	return 0;
}

static void show(const struct request *req, const char *result)
{
	if (req->json)
		sync_view_json(&req->view, result);
	else
		sync_view_result(&req->view);
}

static int finish(struct request *req, struct sync_job *job, struct err *err)
{
	AUTO_STRVEC struct strvec left = STRVEC_INIT;

	if (finish_switch(job, err) < 0 || finish_run(job, err) < 0 ||
	    finish_left(job, &left, err) < 0) {
		err_prefix(err, "the branches have moved, but");
		if (!signals_pending())
			err->code = ERR_UNKNOWN;
		return err->code;
	}
	req->view.finish = job->finish;
	req->view.left = &left;
	show(req, "done");
	req->view.left = NULL;
	return 0;
}

static int push_for_review(struct request *req, const struct sync_job *job,
			   const struct ssh_share *share, struct err *err)
{
	int ret = signals_check(err);

	if (ret < 0)
		return ret;
	signals_hold(ssh_share_is_quiet(share));
	ret = back_merge_push(job, &req->back_merge, err);
	signals_hold(false);
	return ret;
}

static int back_merge(struct request *req, struct sync_job *job,
		      const struct ssh_share *share, struct err *err)
{
	struct back_merge *bm = &req->back_merge;
	int ret = 0;

	back_merge_plan(job, bm);
	if (bm->needed && !req->view.dry_run)
		ret = push_for_review(req, job, share, err);
	if (ret < 0)
		return ret;
	if (req->json)
		sync_view_back_merge_json(&req->view, bm);
	else
		sync_view_back_merge(&req->view, bm);
	return 0;
}

static int stop(const struct request *req)
{
	if (req->json)
		sync_view_json(&req->view, "diverged");
	else
		sync_view_divergence(&req->view);
	return 1;
}

/* The exit status, or a negative code. */
static int run(struct request *req, struct sync_job *job, struct err *err)
{
	AUTO_SSH_SHARE struct ssh_share share = SSH_SHARE_INIT;
	int ret;

	if ((ret = sync_open(job, &req->options, err)) < 0)
		return ret;
	ssh_share_start(&share, &job->config, &job->urls);
	if ((ret = sync_fetch(job, err)) < 0 || (ret = sync_judge(job, err)) < 0)
		return ret;
	if (req->into)
		return back_merge(req, job, &share, err);
	if (!req->json)
		sync_view_verdicts(&req->view);
	if (sync_diverged(job))
		return stop(req);
	if ((ret = sync_local_check(job, err)) < 0 ||
	    (job->finish && (ret = finish_check(job, err)) < 0))
		return ret;
	if (req->view.dry_run) {
		show(req, "dry-run");
		return 0;
	}
	if ((ret = signals_check(err)) < 0 || (ret = move(job, &share, err)) < 0)
		return ret;
	if (job->finish)
		return finish(req, job, err);
	show(req, "done");
	return 0;
}

/* One branch that the source is to be brought into, and nothing else. */
static const char *check_operands(struct request *req, int argc, char **argv)
{
	if (!req->into) {
		req->options.branches = argv;
		return NULL;
	}
	if (argc)
		return "--back-merge takes one branch and no others";
	if (req->options.tag || req->options.finish)
		return "--back-merge moves nothing: no --tag, no --finish";
	req->options.back_merge = req->into;
	return NULL;
}

int cmd_branch_sync(int argc, char **argv)
{
	AUTO_SYNC_JOB struct sync_job job = SYNC_JOB_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	struct request req = { .view = { .job = &job },
			       .back_merge = BACK_MERGE_INIT };
	const struct opt options[] = {
		OPT_STRING(0, "from", &req.options.from, "branch",
			   "what the branches are moved to"),
		OPT_STRING(0, "remote", &req.options.remote, "name",
			   "whose branches they are"),
		OPT_STRING(0, "tag", &req.options.tag, "version",
			   "push this tag of the source's tip with them"),
		OPT_STRING(0, "finish", &req.options.finish, "branch",
			   "end on this branch, and say what is left to do"),
		OPT_STRING(0, "back-merge", &req.into, "branch",
			   "open a review request into it, move nothing"),
		OPT_BOOL('n', "dry-run", &req.view.dry_run,
			 "fetch and judge, move nothing"),
		OPT_BOOL(0, "json", &req.json, "print the result as JSON"),
		OPT_VERBOSITY(&req.view.verbosity),
		OPT_END()
	};
	enum opts_result parsed = opts_parse(&argc, argv, options, usage);
	const char *wrong;
	int status;

	if (parsed)
		return opts_exit_status(parsed);
	wrong = check_operands(&req, argc, argv);
	if (wrong)
		return opts_usage_error(usage, options, "%s", wrong);
	if (signals_catch(&err) < 0)
		return report_failure(&err);
	status = run(&req, &job, &err);
	if (status < 0)
		status = report_failure(&err);
	for (size_t i = 0; i < job.warnings.nr; i++)
		report_warning("%s", job.warnings.v[i]);
	back_merge_release(&req.back_merge);
	return status;
}
