#include "common/base/base.h"
#include "common/ui/json_out.h"
#include "common/ui/opts.h"
#include "common/ui/report.h"
#include "common/ui/table.h"
#include "git-release/cmd_look.h"
#include "git-release/cmd_text.h"
#include "git-release/log_lines.h"
#include "git-release/release.h"
#include "git-release/status_facts.h"

static const char *const usage[] = {
	"git release status [--to <env>] [--json]", "",
	"shows what is live, on all environments or on one", NULL
};

static void describe(const struct host_release *rel, const char *since,
		     struct strbuf *out)
{
	if (*rel->version)
		strbuf_addf(out, "%s, ", rel->version);
	strbuf_addf(out, "release %s", rel->id);
	if (*rel->package)
		strbuf_addf(out, ", package %.7s", rel->package);
	else
		strbuf_addstr(out, ", made by another tool");
	if (!strcmp(rel->state, "active"))
		strbuf_addstr(out, ", not proven");
	if (since)
		strbuf_addf(out, ", since %s", since);
}

static void print_text(const struct cmd_look *look,
		       const struct status_facts *f, const char *since)
{
	AUTO_TABLE struct table t = { .indent = "  " };
	AUTO_STRBUF struct strbuf live = STRBUF_INIT, back = STRBUF_INIT;
	AUTO_STRBUF struct strbuf count = STRBUF_INIT;

	if (f->live)
		describe(f->live, since, &live);
	if (f->back)
		describe(f->back, NULL, &back);
	strbuf_addf(&count, "%zu", look->view.nr - f->foreign);
	if (f->foreign)
		strbuf_addf(&count, ", %zu foreign", f->foreign);
	table_row(&t, "live", f->live ? live.buf : "nothing", NULL);
	table_row(&t, "previous", f->back ? back.buf : "none", NULL);
	table_row(&t, "releases", count.buf, NULL);
	table_row(&t, "lock", *look->view.lock ? look->view.lock : "free", NULL);
	for (size_t i = 0; i < f->differences.nr; i++)
		table_row(&t, i ? "" : "differs", f->differences.v[i], NULL);
	if (f->differences.nr)
		table_row(&t, "", "the server is the truth", NULL);
	printf("%s (%s)\n", look->session.env.name, host_name(look->host));
	table_print(&t, stdout);
}

static json_t *release_json(const struct host_release *rel)
{
	json_t *one;

	if (!rel)
		return json_null();
	one = json_object();
	cmd_text_json(one, "release", rel->id);
	cmd_text_json(one, "version", rel->version);
	cmd_text_json(one, "package", rel->package);
	cmd_text_json(one, "state", rel->state);
	json_object_set_new(one, "foreign", json_boolean(rel->foreign));
	return one;
}

static void add_json(const struct cmd_look *look, const struct status_facts *f,
		     const char *since, json_t *list)
{
	json_t *one = json_object(), *differences = json_array();
	const struct host_view *view = &look->view;

	cmd_text_json(one, "environment", look->session.env.name);
	cmd_text_json(one, "host", host_name(look->host));
	cmd_text_json(one, "root", view->root);
	json_object_set_new(one, "live", release_json(f->live));
	cmd_text_json(one, "since", since);
	json_object_set_new(one, "previous", release_json(f->back));
	json_object_set_new(one, "releases",
			    json_integer((json_int_t)(view->nr - f->foreign)));
	json_object_set_new(one, "foreign", json_integer((json_int_t)f->foreign));
	cmd_text_json(one, "lock", view->lock);
	json_object_set_new(one, "damaged_lines",
			    json_integer((json_int_t)view->damaged_lines));
	for (size_t i = 0; i < f->differences.nr; i++)
		json_array_append_new(differences,
				      json_out_text(f->differences.v[i],
						    strlen(f->differences.v[i])));
	json_object_set_new(one, "differences", differences);
	json_array_append_new(list, one);
}

/* list NULL: as text. */
static int show_one(struct cmd_look *look, int verbosity, json_t *list,
		    struct err *err)
{
	AUTO_STATUS_FACTS struct status_facts facts = { 0 };
	AUTO_LOG_LINES struct log_lines lines = LOG_LINES_INIT;
	const char *since;

	if (cmd_look_connect(look, verbosity, err) < 0 ||
	    log_lines_ask(look->host, 1000, &lines, err) < 0 ||
	    status_facts_find(look->session.repo, look->session.env.name,
			      &look->view, &facts, err) < 0)
		return err->code;
	since = facts.live ? log_lines_since(&lines, facts.live->id) : NULL;
	if (look->view.damaged_lines)
		report_warning("%s: %" PRIu64
			       " lines of the ledger are damaged",
			       look->session.env.name, look->view.damaged_lines);
	if (list)
		add_json(look, &facts, since, list);
	else
		print_text(look, &facts, since);
	return 0;
}

static int find_names(const char *to, struct strvec *names, struct err *err)
{
	AUTO_SESSION struct session s = { 0 };

	if (session_open(&s, err) < 0 || session_work_tree_settings(&s, err) < 0)
		return err->code;
	if (!to)
		settings_list_environments(&s.settings, names);
	/* None at all, or a wrong one: found out with the right words. */
	if (!names->nr)
		strvec_push(names, to ? to : "");
	return 0;
}

static int show_named(const char *name, int verbosity, json_t *list)
{
	AUTO_LOOK struct cmd_look look = { 0 };
	AUTO_ERR struct err err = ERR_INIT;

	if (!session_open(&look.session, &err) &&
	    !session_find_environment(&look.session, *name ? name : NULL, &err) &&
	    !show_one(&look, verbosity, list, &err))
		return 0;
	if (list && *name) {
		json_t *one = json_object();

		cmd_text_json(one, "environment", name);
		cmd_text_json(one, "error", err.msg.buf);
		json_array_append_new(list, one);
	}
	if (*name)
		err_prefix(&err, "%s", name);
	return report_failure(&err);
}

static int show_all(const struct strvec *names, int verbosity, bool json)
{
	AUTO_JSON json_t *doc = json ? json_object() : NULL;
	json_t *list = json ? json_array() : NULL;
	int status = 0;

	if (json)
		json_object_set_new(doc, "environments", list);
	for (size_t i = 0; i < names->nr; i++) {
		int one = show_named(names->v[i], verbosity, list);

		fflush(stdout);
		if (!status)
			status = one;
	}
	if (json)
		json_out_print(doc, stdout);
	return status;
}

int cmd_status(int argc, char **argv)
{
	AUTO_STRVEC struct strvec names = STRVEC_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	const char *to = NULL;
	int verbosity = 0;
	bool json = false;
	const struct opt options[] = {
		OPT_STRING(0, "to", &to, "env", "this environment alone"),
		OPT_BOOL(0, "json", &json, "print the result as JSON"),
		OPT_VERBOSITY(&verbosity), OPT_END()
	};
	enum opts_result parsed = opts_parse(&argc, argv, options, usage);

	if (parsed)
		return opts_exit_status(parsed);
	if (argc)
		return opts_usage_error(usage, options, "too many arguments");
	if (find_names(to, &names, &err) < 0)
		return report_failure(&err);
	return show_all(&names, verbosity, json);
}
