#include "common/base/base.h"
#include "git-serversync/cmd_audit.h"

#include "common/text/quote.h"
#include "common/ui/amount.h"
#include "common/ui/json_out.h"
#include "common/ui/opts.h"
#include "common/ui/report.h"
#include "common/ui/table.h"
#include "git-serversync/audit_fix.h"
#include "git-serversync/cmd_colour.h"
#include "git-serversync/serversync.h"

static const char *const usage[] = {
	"git serversync audit [<options>] [<environment>]",
	"",
	"tells whether a capture would lose what a deploy clears away:",
	"the clear_paths of deploy.php against GIT_ONLY_PATHS of the workflow;",
	"exit 1 if it would, or if that cannot be told",
	NULL
};

struct audit_options {
	bool fix, json;
	int verbosity;
};

/* What one run of the command holds. */
struct audit_run {
	struct audit_options o;
	git_repository *repo;
	struct config config;
	struct serversync_settings settings;
	struct project_files files;
	struct symmetry_audit audit;
};
#define AUDIT_RUN_INIT                                                         \
	{                                                                      \
		.config = CONFIG_INIT, .settings = SERVERSYNC_SETTINGS_INIT,   \
		.files = PROJECT_FILES_INIT, .audit = SYMMETRY_AUDIT_INIT      \
	}

static void audit_run_release(struct audit_run *r)
{
	symmetry_audit_release(&r->audit);
	project_files_release(&r->files);
	serversync_settings_release(&r->settings);
	config_release(&r->config);
	git_repository_free(r->repo);
}

/* "  <path>", each on a line of its own; those that are false in "flag". */
static void add_paths(bool quote_high, struct strbuf *out,
		      const struct audited_paths *paths, const bool *flag)
{
	for (size_t i = 0; i < paths->nr; i++) {
		const char *path = paths->v[i].path;

		if (flag[i])
			continue;
		strbuf_addstr(out, "\n  ");
		quote_path(out, path, strlen(path), quote_high);
	}
}

static void warn_unused(const struct audit_run *r)
{
	const struct symmetry_audit *a = &r->audit;
	AUTO_STRBUF struct strbuf list = STRBUF_INIT;

	if (!a->nr_unused)
		return;
	add_paths(config_quote_path(&r->config), &list, &a->kept, a->is_cleared);
	report_warning("protected, but never cleared:%s", list.buf);
}

/* With -v: each path that is cleared, and where that is said. */
static void print_paths(const struct audit_run *r)
{
	const struct audited_paths *paths = &r->audit.cleared.paths;
	AUTO_TABLE struct table t = TABLE_INIT;

	for (size_t i = 0; i < paths->nr; i++) {
		AUTO_STRBUF struct strbuf place = STRBUF_INIT;
		AUTO_STRBUF struct strbuf path = STRBUF_INIT;

		strbuf_addf(&place, "%s:%u", paths->v[i].file, paths->v[i].line);
		quote_path(&path, paths->v[i].path, strlen(paths->v[i].path),
			   config_quote_path(&r->config));
		table_row(&t, place.buf,
			  r->audit.is_protected[i] ? "protected" : "NOT protected",
			  path.buf, NULL);
	}
	table_print(&t, stdout);
}

static int tell_ok(const struct audit_run *r)
{
	const struct symmetry_audit *a = &r->audit;

	if (r->o.verbosity < 0)
		return 0;
	if (!a->cleared_by)
		fprintf(stderr, "There is no %s: nothing is cleared\n",
			r->settings.deploy_file);
	else if (!a->cleared.mentioned)
		fprintf(stderr,
			"Nothing sets clear_paths: nothing is cleared\n");
	else if (!a->cleared.paths.nr)
		fprintf(stderr, "clear_paths is empty: nothing is cleared\n");
	printf("%sOK%s — every clear_path is protected; safe to trigger %s "
	       "ServerSync\n",
	       cmd_colour(&r->config, COLOUR_GOOD),
	       cmd_colour(&r->config, COLOUR_RESET), r->settings.environment);
	return 0;
}

static int tell_nothing(const struct audit_run *r)
{
	if (r->o.verbosity >= 0 && !r->o.fix)
		printf("%sOK%s — there is no %s: a release of git release "
		       "clears nothing\n",
		       cmd_colour(&r->config, COLOUR_GOOD),
		       cmd_colour(&r->config, COLOUR_RESET),
		       r->settings.deploy_file);
	return 0;
}

static int tell_stop(const struct cmd_audit_stop *s)
{
	const struct symmetry_audit *a = s->audit;
	AUTO_STRBUF struct strbuf list = STRBUF_INIT;

	add_paths(s->quote_path, &list, &a->cleared.paths, a->is_protected);
	printf("%sSTOP%s — these clear_paths are NOT protected by %s%s:%s\n",
	       s->bad, s->reset, a->by_workflow ? GIT_ONLY_PATHS " in " : "",
	       a->protected_by, list.buf);
	if (a->by_workflow)
		report_hint("git serversync audit --fix %s | git apply",
			    s->environment);
	else
		report_hint("add them to %s", a->protected_by);
	return 1;
}

static int tell_gap(const struct audit_gap *gap)
{
	AUTO_STRBUF struct strbuf file = STRBUF_INIT;

	quote_text(&file, gap->file, strlen(gap->file));
	if (gap->line)
		strbuf_addf(&file, ":%u", gap->line);
	report_error("cannot prove symmetry at %s: %s", file.buf, gap->why.buf);
	report_hint("git help serversync");
	return 1;
}

int cmd_audit_stop(const struct cmd_audit_stop *s)
{
	return s->audit->verdict == AUDIT_UNPROVEN ? tell_gap(&s->audit->gap)
						   : tell_stop(s);
}

static int print_fix(const struct audit_run *r)
{
	const struct symmetry_audit *a = &r->audit;
	AUTO_STRBUF struct strbuf patch = STRBUF_INIT, what = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	if (audit_fix(a, &r->settings, &patch, &err) < 0)
		return report_failure(&err);
	fwrite(patch.buf, 1, patch.len, stdout);
	if (!a->nr_unprotected)
		return 0;
	amount_add_things(&what, a->nr_unprotected, "clear_path is",
			  "clear_paths are");
	report_error("%s not protected", what.buf);
	return 1;
}

static int tell(const struct audit_run *r)
{
	const struct symmetry_audit *a = &r->audit;
	const struct cmd_audit_stop stop = {
		.audit = a,
		.environment = r->settings.environment,
		.quote_path = config_quote_path(&r->config),
		.bad = cmd_colour(&r->config, COLOUR_BAD),
		.reset = cmd_colour(&r->config, COLOUR_RESET),
	};

	if (r->o.json) {
		AUTO_JSON json_t *doc = cmd_audit_json(&r->settings, a);

		json_out_print(doc, stdout);
		return a->verdict != AUDIT_OK && a->verdict != AUDIT_NOTHING;
	}
	if (a->verdict == AUDIT_NOTHING)
		return tell_nothing(r);
	if (a->verdict == AUDIT_UNPROVEN)
		return cmd_audit_stop(&stop);
	if (r->o.fix)
		return print_fix(r);
	if (r->o.verbosity > 0)
		print_paths(r);
	warn_unused(r);
	return a->verdict == AUDIT_OK ? tell_ok(r) : cmd_audit_stop(&stop);
}

static int audit(const struct audit_options *o, const char *environment)
{
	CLEANUP(audit_run_release) struct audit_run r = AUDIT_RUN_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	r.o = *o;
	if (repo_open(&r.repo, &err) < 0 || config_load(&r.config, &err) < 0 ||
	    serversync_settings_load(r.repo, &r.config, environment,
				     &r.settings, &err) < 0 ||
	    project_files_open(&r.files, r.repo, &err) < 0 ||
	    symmetry_audit_run(&r.settings, &r.files, &r.audit, &err) < 0)
		return report_failure(&err);
	return tell(&r);
}

int cmd_audit(int argc, char **argv)
{
	struct audit_options o = { 0 };
	const struct opt options[] = {
		OPT_BOOL(0, "fix", &o.fix,
			 "print a patch that protects the missing paths"),
		OPT_BOOL(0, "json", &o.json, "print the result as JSON"),
		OPT_VERBOSITY(&o.verbosity), OPT_END()
	};
	enum opts_result parsed = opts_parse(&argc, argv, options, usage);

	if (parsed)
		return opts_exit_status(parsed);
	if (argc > 1)
		return opts_usage_error(usage, options, "too many arguments");
	if (o.fix && o.json)
		return opts_usage_error(usage, options,
					"only one of --fix and --json");
	return audit(&o, argc ? argv[0] : NULL);
}
