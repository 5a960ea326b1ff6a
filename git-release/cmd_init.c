#include "common/base/base.h"
#include "common/host/told.h"
#include "common/ui/opts.h"
#include "common/ui/report.h"
#include "git-release/init_job.h"
#include "git-release/release.h"

static const char *const usage[] = {
	"git release init [--recipe <name>] [--adopt] <url> [<env>]",
	"git release init --adopt [<env>]",
	"",
	"writes .gitrelease for this project, or adds an environment to it;",
	"<url> is ssh://user@host/path, host:path or a local directory",
	NULL
};

static void told(void *ctx, const char *kind, const char *text)
{
	(void)ctx;
	if (told_kind(kind) == TOLD_WARNING)
		report_warning("%s", text);
}

static void say_what_next(const struct init_job *job)
{
	if (job->created)
		printf("Wrote .gitrelease (%s) with environment %s\n",
		       project_kind_name(job->project.kind), job->env);
	else
		printf("Added environment %s to .gitrelease\n", job->env);
	report_hint("look it over, commit it, then tag and release:\n"
		    "  git add .gitrelease && git commit\n"
		    "  git tag -a v1.0.0 && git release --to %s v1.0.0",
		    job->env);
}

static int run(struct init_job *job, bool quiet, struct err *err)
{
	const struct host_listener listener = { .told = told };

	if (init_job_write(job, err) < 0)
		return err->code;
	if (job->adopt) {
		if (init_job_adopt(job, &listener, err) < 0)
			return err->code;
		if (!quiet)
			printf("%s is a release root now\n",
			       job->session.server.target.url);
	}
	if (!quiet && (job->created || job->appended))
		say_what_next(job);
	return 0;
}

int cmd_init(int argc, char **argv)
{
	AUTO_INIT_JOB struct init_job job = { 0 };
	AUTO_ERR struct err err = ERR_INIT;
	int verbosity = 0;
	const struct opt options[] = {
		OPT_STRING(0, "recipe", &job.recipe, "name",
			   "laravel, node or plain; detected without it"),
		OPT_BOOL(0, "adopt", &job.adopt,
			 "prepare the server although the place holds files"),
		OPT_VERBOSITY(&verbosity), OPT_END()
	};
	enum opts_result parsed = opts_parse(&argc, argv, options, usage);

	if (parsed)
		return opts_exit_status(parsed);
	if (argc > 2 || (!argc && !job.adopt))
		return opts_usage_error(usage, options,
					argc ? "too many arguments"
					     : "which url?");
	job.url = argc ? argv[0] : NULL;
	job.env = argc > 1 ? argv[1] : NULL;
	return run(&job, verbosity < 0, &err) < 0 ? report_failure(&err) : 0;
}
