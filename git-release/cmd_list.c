#include "common/base/base.h"
#include "common/ui/amount.h"
#include "common/ui/json_out.h"
#include "common/ui/opts.h"
#include "common/ui/report.h"
#include "common/ui/table.h"
#include "git-release/cmd_listener.h"
#include "git-release/cmd_look.h"
#include "git-release/cmd_text.h"
#include "git-release/release.h"

static const char *const usage[] = {
	"git release list [--to <env>] [--json]",
	"", "lists the releases on the server, the newest first; * marks the live one",
	NULL
};

static void add_counts(const struct host_view *view, struct strbuf *out)
{
	size_t foreign = 0;

	for (size_t i = 0; i < view->nr; i++)
		foreign += view->releases[i].foreign;
	amount_add_things(out, view->nr - foreign, "release", "releases");
	if (foreign)
		strbuf_addf(out, ", %zu foreign", foreign);
}

static void print_table(const struct host_view *view, const char *env,
			const struct config *cfg)
{
	const struct colour_env stream = {
		.setting = config_get(cfg, "color", NULL, "ui"),
		.tty = isatty(STDOUT_FILENO),
	};
	struct table t = { .colour = colour_wanted(&stream) };
	AUTO_STRBUF struct strbuf counts = STRBUF_INIT;
	char hex[8];

	add_counts(view, &counts);
	table_row(&t, " ", "RELEASE", "VERSION", "STATE", "PACKAGE", NULL);
	for (size_t i = view->nr; i--;) {
		const struct host_release *rel = &view->releases[i];

		table_row(&t, rel->live ? "*" : " ", rel->id,
			  *rel->version ? rel->version : "-",
			  rel->foreign ? "foreign" : rel->state,
			  *rel->package ? cmd_text_short(rel->package, hex) : "-",
			  NULL);
		if (rel->live)
			table_colour(&t, COLOUR_GOOD);
		else if (!strcmp(rel->state, "bad"))
			table_colour(&t, COLOUR_BAD);
	}
	if (view->nr)
		table_print(&t, stdout);
	printf("%s on %s\n", counts.buf, env);
	table_release(&t);
}

static void print_json(const struct host_view *view, const char *env)
{
	AUTO_JSON json_t *doc = json_object();
	json_t *list = json_array();

	cmd_text_json(doc, "environment", env);
	cmd_text_json(doc, "live", view->live);
	cmd_text_json(doc, "rollback", view->rollback);
	for (size_t i = view->nr; i--;) {
		const struct host_release *rel = &view->releases[i];
		json_t *one = json_object();

		cmd_text_json(one, "release", rel->id);
		cmd_text_json(one, "version", rel->version);
		cmd_text_json(one, "state", rel->state);
		cmd_text_json(one, "package", rel->package);
		json_object_set_new(one, "live", json_boolean(rel->live));
		json_object_set_new(one, "foreign", json_boolean(rel->foreign));
		json_array_append_new(list, one);
	}
	json_object_set_new(doc, "releases", list);
	json_out_print(doc, stdout);
}

int cmd_list(int argc, char **argv)
{
	AUTO_LOOK struct cmd_look look = { 0 };
	AUTO_ERR struct err err = ERR_INIT;
	const char *to = NULL;
	int verbosity = 0;
	bool json = false;
	const struct opt options[] = {
		OPT_STRING(0, "to", &to, "env", "the environment"),
		OPT_BOOL(0, "json", &json, "print the result as JSON"),
		OPT_VERBOSITY(&verbosity), OPT_END()
	};
	enum opts_result parsed = opts_parse(&argc, argv, options, usage);

	if (parsed)
		return opts_exit_status(parsed);
	if (argc)
		return opts_usage_error(usage, options, "too many arguments");
	if (cmd_look_open(&look, to, verbosity, &err) < 0)
		return report_failure(&err);
	if (json)
		print_json(&look.view, look.session.env.name);
	else
		print_table(&look.view, look.session.env.name,
			    &look.session.config);
	return 0;
}
