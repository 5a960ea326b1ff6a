#include "common/base/base.h"
#include "common/sys/signals.h"
#include "common/ui/json_out.h"
#include "common/ui/opts.h"
#include "common/ui/report.h"
#include "common/ui/screen.h"
#include "git-release/cmd_text.h"
#include "git-release/release.h"
#include "git-release/tag_job.h"

static const char *const usage[] = {
	"git release tag [--commit <commit>] [-m <message> | -F <file>]",
	"                [--allow-lower] [-n] [--json] <version>",
	"",
	"tags the tip of the release branch as the remote has it, annotated,",
	"pushes the tag and reads it back",
	NULL
};

static void print_message(const struct strbuf *message)
{
	AUTO_STRBUF struct strbuf safe = STRBUF_INIT;

	screen_add_safe(&safe, message->buf, message->len);
	putchar('\n');
	for (const char *p = safe.buf; *p;) {
		size_t len = strcspn(p, "\n");

		printf("%s%.*s\n", len ? "    " : "", (int)len, p);
		p += len + (p[len] == '\n');
	}
}

static void print_text(const struct tag_job *job, int verbosity)
{
	const struct release_branch *b = &job->branch;
	const char *commit = git_oid_tostr_s(&job->commit);
	bool show = job->options.dry_run || verbosity > 0;

	if (verbosity < 0)
		return;
	if (job->options.dry_run && job->finishing)
		printf("Would take the tag %s, which an interrupted run has "
		       "pushed to %s\n",
		       job->name, b->remote);
	else if (job->options.dry_run)
		printf("Would tag %.7s (%s/%s) as %s and push it to %s\n",
		       commit, b->remote, b->name, job->name, b->remote);
	else
		printf("Tagged %.7s (%s/%s) as %s%s, pushed to %s\n", commit,
		       b->remote, b->name, job->name,
		       job->is_signed ? ", signed" : "", b->remote);
	if (show && job->message.len)
		print_message(&job->message);
}

static void print_json(const struct tag_job *job)
{
	AUTO_JSON json_t *doc = json_object();
	char hex[GIT_OID_HEXSZ + 1];

	cmd_text_json(doc, "tag", job->name);
	cmd_text_json(doc, "version",
		      job->name + strlen(job->session.build.tag_prefix));
	cmd_text_json(doc, "commit",
		      git_oid_tostr(hex, sizeof(hex), &job->commit));
	cmd_text_json(doc, "object",
		      git_oid_is_zero(&job->object)
			      ? NULL
			      : git_oid_tostr(hex, sizeof(hex), &job->object));
	cmd_text_json(doc, "branch", job->branch.name);
	cmd_text_json(doc, "remote", job->branch.remote);
	cmd_text_json(doc, "message", job->message.buf);
	json_object_set_new(doc, "signed", json_boolean(job->is_signed));
	json_object_set_new(doc, "dry_run", json_boolean(job->options.dry_run));
	json_out_print(doc, stdout);
}

static int run(struct tag_job *job, struct err *err)
{
	int ret = tag_job_check(job, err);

	if (ret < 0 || job->options.dry_run)
		return ret;
	/* Behind this the remote may be changed. */
	ret = signals_check(err);
	return ret < 0 ? ret : tag_job_run(job, err);
}

int cmd_tag(int argc, char **argv)
{
	AUTO_TAG_JOB struct tag_job job = TAG_JOB_INIT;
	struct tag_options *o = &job.options;
	AUTO_ERR struct err err = ERR_INIT;
	bool json = false;
	int verbosity = 0, ret;
	const struct opt options[] = {
		OPT_STRING(0, "to", &o->to, "env",
			   "take the branch of this environment"),
		OPT_STRING(0, "commit", &o->commit, "commit",
			   "tag this one, which must be on the branch"),
		OPT_LIST('m', "message", &o->messages, "message",
			 "the message, not the CHANGELOG's; a paragraph each"),
		OPT_STRING('F', "file", &o->file, "file",
			   "take the message from a file"),
		OPT_BOOL(0, "allow-lower", &o->allow_lower,
			 "although there is a later version"),
		OPT_BOOL('n', "dry-run", &o->dry_run,
			 "show what would be tagged, and the message"),
		OPT_BOOL(0, "json", &json, "print the result as JSON"),
		OPT_VERBOSITY(&verbosity),
		OPT_END()
	};
	enum opts_result parsed = opts_parse(&argc, argv, options, usage);

	if (parsed)
		return opts_exit_status(parsed);
	if (argc != 1)
		return opts_usage_error(usage, options,
					argc ? "one version at a time"
					     : "which version?");
	if (o->file && o->messages.nr)
		return opts_usage_error(usage, options,
					"-m and -F exclude each other");
	o->version = argv[0];
	if (signals_catch(&err) < 0)
		return report_failure(&err);
	ret = run(&job, &err);
	for (size_t i = 0; i < job.warnings.nr; i++)
		report_warning("%s", job.warnings.v[i]);
	if (ret < 0)
		return report_failure(&err);
	if (json)
		print_json(&job);
	else
		print_text(&job, verbosity);
	return 0;
}
