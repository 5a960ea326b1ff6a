#include "common/base/base.h"
#include "common/sys/signals.h"
#include "common/ui/json_out.h"
#include "common/ui/opts.h"
#include "common/ui/phases.h"
#include "common/ui/report.h"
#include "git-release/cmd_text.h"
#include "git-release/package_build.h"
#include "git-release/release.h"
#include "git-release/session.h"

static const char *const usage[] = {
	"git release build [--rebuild] [--json] <version>", "",
	"makes the package of a version, or finds it, and prints its id", NULL
};

struct job {
	struct session session;
	struct package package;
	struct build_report report;
	struct phases phases;
	bool rebuild;
};

static void show_output(void *ctx, const char *data, size_t len)
{
	struct job *job = ctx;

	phases_output(&job->phases, data, len);
}

static void show_step(void *ctx, const char *command)
{
	struct job *job = ctx;

	phases_say(&job->phases, "running: %s", command);
}

/* What must pass whatever the environment; theirs run when one releases. */
static void find_validate(const struct session *s, struct strvec *out)
{
	AUTO_SETTING_LIST struct setting_list list = SETTING_LIST_INIT;

	settings_get_all(&s->settings, settings_key_find("release", "validate"),
			 NULL, &list);
	for (size_t i = 0; i < list.nr; i++)
		if (list.v[i]->value && *list.v[i]->value)
			strvec_push(out, list.v[i]->value);
}

static int build(struct job *job, const char *version, struct err *err)
{
	struct session *s = &job->session;
	AUTO_STRVEC struct strvec validate = STRVEC_INIT;
	const struct build_request req = {
		.tag = &s->tag,
		.settings = &s->build,
		.validate = &validate,
		.rebuild = job->rebuild,
		.output = show_output,
		.step = show_step,
		.ctx = job,
	};

	if (session_open(s, err) < 0 || session_find_version(s, version, err) < 0)
		return err->code;
	find_validate(s, &validate);
	return package_build(s->repo, &req, &job->package, &job->report, err);
}

static void print_result(const struct job *job, bool json)
{
	const struct package *pkg = &job->package;
	char id[GIT_OID_HEXSZ + 1], hex[GIT_OID_HEXSZ + 1];
	AUTO_JSON json_t *doc = NULL;

	git_oid_tostr(id, sizeof(id), &pkg->id);
	if (!json) {
		printf("%s\n", id);
		return;
	}
	doc = json_object();
	cmd_text_json(doc, "package", id);
	git_oid_tostr(hex, sizeof(hex), &pkg->tree);
	cmd_text_json(doc, "tree", hex);
	git_oid_tostr(hex, sizeof(hex), &pkg->commit);
	cmd_text_json(doc, "commit", hex);
	cmd_text_json(doc, "tag", pkg->tag);
	cmd_text_json(doc, "version", pkg->version);
	cmd_text_json(doc, "build", pkg->build);
	json_object_set_new(doc, "built", json_boolean(job->report.built));
	json_object_set_new(doc, "replaced", json_boolean(job->report.replaced));
	json_out_print(doc, stdout);
}

static void job_release(struct job *job)
{
	package_release(&job->package);
	build_report_release(&job->report);
	session_release(&job->session);
}

int cmd_build(int argc, char **argv)
{
	CLEANUP(job_release) struct job job = { 0 };
	AUTO_ERR struct err err = ERR_INIT;
	int verbosity = 0, ret;
	bool json = false;
	const struct opt options[] = {
		OPT_BOOL(0, "rebuild", &job.rebuild,
			 "build anew although there is a package"),
		OPT_BOOL(0, "json", &json, "print the result as JSON"),
		OPT_VERBOSITY(&verbosity), OPT_END()
	};
	enum opts_result parsed = opts_parse(&argc, argv, options, usage);

	if (parsed)
		return opts_exit_status(parsed);
	if (argc != 1)
		return opts_usage_error(usage, options,
					argc ? "one version at a time"
					     : "which version?");
	if (signals_catch(&err) < 0)
		return report_failure(&err);
	phases_init(&job.phases, stderr, verbosity);
	ret = build(&job, argv[0], &err);
	phases_release(&job.phases);
	if (ret < 0)
		return report_failure(&err);
	for (size_t i = 0; i < job.report.warnings.nr; i++)
		report_warning("%s", job.report.warnings.v[i]);
	print_result(&job, json);
	return 0;
}
