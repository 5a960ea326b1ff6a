#include "common/base/base.h"
#include "common/ui/json_out.h"
#include "common/ui/opts.h"
#include "common/ui/pager.h"
#include "common/ui/report.h"
#include "common/ui/table.h"
#include "git-release/cmd_look.h"
#include "git-release/cmd_text.h"
#include "git-release/log_lines.h"
#include "git-release/release.h"

static const char *const usage[] = {
	"git release log [--to <env>] [-n <number>] [--json]", "",
	"shows what happened on the server, the newest first", NULL
};

static const char *or_dash(const char *text)
{
	return *text ? text : "-";
}

static void print_table(const struct log_lines *lines)
{
	AUTO_TABLE struct table t = TABLE_INIT;

	table_row(&t, "TIME", "EVENT", "RELEASE", "VERSION", "WHO", "NOTE", NULL);
	for (size_t i = lines->nr; i--;) {
		const struct log_line *l = &lines->v[i];

		table_row(&t, l->time, l->event, l->release,
			  or_dash(l->version), or_dash(l->who), l->note, NULL);
	}
	if (lines->nr)
		table_print(&t, stdout);
}

static void print_json(const struct log_lines *lines, const char *env)
{
	AUTO_JSON json_t *doc = json_object();
	json_t *list = json_array();

	cmd_text_json(doc, "environment", env);
	for (size_t i = lines->nr; i--;) {
		const struct log_line *l = &lines->v[i];
		json_t *one = json_object();

		json_object_set_new(one, "number",
				    json_integer((json_int_t)l->seq));
		cmd_text_json(one, "time", l->time);
		cmd_text_json(one, "event", l->event);
		cmd_text_json(one, "release", l->release);
		cmd_text_json(one, "version", l->version);
		cmd_text_json(one, "package", l->package);
		cmd_text_json(one, "who", l->who);
		cmd_text_json(one, "note", l->note);
		json_array_append_new(list, one);
	}
	json_object_set_new(doc, "events", list);
	json_out_print(doc, stdout);
}

static void show(struct cmd_look *look, const struct log_lines *lines)
{
	AUTO_PAGER struct pager pager = PAGER_INIT;

	pager_start(&pager,
		    config_get(&look->session.config, "core", NULL, "pager"));
	print_table(lines);
}

int cmd_log(int argc, char **argv)
{
	AUTO_LOOK struct cmd_look look = { 0 };
	AUTO_LOG_LINES struct log_lines lines = LOG_LINES_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	uint64_t max = 1000;
	const char *to = NULL;
	int verbosity = 0;
	bool json = false;
	const struct opt options[] = {
		OPT_STRING(0, "to", &to, "env", "the environment"),
		OPT_U64('n', "max-count", &max, "number",
			"at most this many lines"),
		OPT_BOOL(0, "json", &json, "print the result as JSON"),
		OPT_VERBOSITY(&verbosity), OPT_END()
	};
	enum opts_result parsed = opts_parse(&argc, argv, options, usage);

	if (parsed)
		return opts_exit_status(parsed);
	if (argc)
		return opts_usage_error(usage, options, "too many arguments");
	if (cmd_look_open(&look, to, verbosity, &err) < 0 ||
	    log_lines_ask(look.host, max, &lines, &err) < 0)
		return report_failure(&err);
	if (look.view.damaged_lines)
		report_warning("%" PRIu64 " lines of the ledger are damaged",
			       look.view.damaged_lines);
	if (json)
		print_json(&lines, look.session.env.name);
	else
		show(&look, &lines);
	return 0;
}
