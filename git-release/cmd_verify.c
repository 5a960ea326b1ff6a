#include "common/base/base.h"
#include "common/text/quote.h"
#include "common/ui/amount.h"
#include "common/ui/json_out.h"
#include "common/ui/opts.h"
#include "common/ui/report.h"
#include "git-release/cmd_look.h"
#include "git-release/cmd_text.h"
#include "git-release/hook_fields.h"
#include "git-release/release.h"
#include "git-release/switch_target.h"
#include "git-release/verify_report.h"

static const char *const usage[] = {
	"git release verify [--to <env>] [-z] [--json] [<release>|<version>]",
	"", "reads every byte of a release, the live one by default, and compares it",
	"with its package: M changed, D missing, A added; exit 1 if any", NULL
};

struct verdict {
	const struct host_release *release;
	struct verify_report report;
};

static void verdict_release(struct verdict *v)
{
	verify_report_release(&v->report);
}

static int ask(struct cmd_look *look, struct verdict *v, struct err *err)
{
	AUTO_STRBUF struct strbuf request = STRBUF_INIT;
	AUTO_MESSAGE struct message reply = MESSAGE_INIT;

	request_begin(&request, "verify");
	request_add(&request, "id", "%s", v->release->id);
	environment_fields_add(&request, &look->session.env);
	if (host_call(look->host, &request, &reply, err) < 0)
		return err->code;
	return verify_report_take(&v->report, &reply, err);
}

static int choose(struct cmd_look *look, const char *name, struct verdict *v,
		  struct err *err)
{
	struct session *s = &look->session;
	int ret = settings_build(&s->settings, &s->build, err);

	if (ret < 0)
		return ret;
	if (name)
		return switch_target_find(&look->view, name, s->build.tag_prefix,
					  s->env.name, &v->release, err);
	v->release = host_view_live(&look->view);
	if (!v->release)
		return err_set(err, ERR_REFUSED, "nothing is live on %s",
			       s->env.name);
	return 0;
}

static void print_paths(const struct cmd_look *look,
			const struct verify_report *r, bool nul)
{
	const struct cmd_text_paths how = {
		.config = &look->session.config,
		.indent = "",
		.nul = nul,
	};

	for (size_t i = 0; i < r->nr; i++)
		cmd_text_change(&how, r->v[i].status, r->v[i].path);
}

static void print_json(const struct cmd_look *look, const struct verdict *v)
{
	const struct verify_report *r = &v->report;
	AUTO_JSON json_t *doc = json_object();
	json_t *list = json_array();

	cmd_text_json(doc, "environment", look->session.env.name);
	cmd_text_json(doc, "release", v->release->id);
	cmd_text_json(doc, "version", v->release->version);
	json_object_set_new(doc, "files", json_integer((json_int_t)r->files));
	json_object_set_new(doc, "changed", json_integer((json_int_t)r->changed));
	json_object_set_new(doc, "missing", json_integer((json_int_t)r->missing));
	json_object_set_new(doc, "added", json_integer((json_int_t)r->added));
	for (size_t i = 0; i < r->nr; i++)
		cmd_text_change_json(list, r->v[i].status, r->v[i].path);
	json_object_set_new(doc, "paths", list);
	json_out_print(doc, stdout);
}

static int judge(const struct cmd_look *look, const struct verdict *v, bool silent)
{
	const struct verify_report *r = &v->report;
	AUTO_STRBUF struct strbuf files = STRBUF_INIT, name = STRBUF_INIT;

	if (*v->release->version) {
		quote_text(&name, v->release->version,
			   strlen(v->release->version));
		strbuf_addf(&name, " (%s)", v->release->id);
	} else {
		strbuf_addstr(&name, v->release->id);
	}
	if (!verify_report_clean(r)) {
		report_error("%s on %s: %" PRIu64 " changed, %" PRIu64
			     " missing, %" PRIu64 " added",
			     name.buf, look->session.env.name, r->changed,
			     r->missing, r->added);
		return 1;
	}
	amount_add_things(&files, r->files, "file", "files");
	if (!silent)
		printf("%s on %s: %s verified\n", name.buf,
		       look->session.env.name, files.buf);
	return 0;
}

int cmd_verify(int argc, char **argv)
{
	CLEANUP(verdict_release) struct verdict v = { 0 };
	AUTO_LOOK struct cmd_look look = { 0 };
	AUTO_ERR struct err err = ERR_INIT;
	const char *to = NULL;
	bool json = false, nul = false;
	int verbosity = 0;
	const struct opt options[] = {
		OPT_STRING(0, "to", &to, "env", "the environment"),
		OPT_BOOL('z', NULL, &nul, "end paths with NUL, unquoted"),
		OPT_BOOL(0, "json", &json, "print the result as JSON"),
		OPT_VERBOSITY(&verbosity), OPT_END()
	};
	enum opts_result parsed = opts_parse(&argc, argv, options, usage);

	if (parsed)
		return opts_exit_status(parsed);
	if (argc > 1)
		return opts_usage_error(usage, options, "one release at a time");
	if (cmd_look_open(&look, to, verbosity, &err) < 0 ||
	    choose(&look, argc ? argv[0] : NULL, &v, &err) < 0 ||
	    ask(&look, &v, &err) < 0)
		return report_failure(&err);
	if (json)
		print_json(&look, &v);
	else
		print_paths(&look, &v.report, nul);
	return judge(&look, &v, json || nul || verbosity < 0);
}
