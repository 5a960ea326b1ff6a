#include "common/base/base.h"
#include "common/text/quote.h"
#include "common/ui/amount.h"
#include "common/ui/json_out.h"
#include "common/ui/opts.h"
#include "common/ui/report.h"
#include "git-serversync/capture_check.h"
#include "git-serversync/checked_branch.h"
#include "git-serversync/cmd_colour.h"
#include "git-serversync/serversync.h"

static const char *const usage[] = {
	"git serversync check [<options>] [<branch>]",
	"",
	"what has to hold before a capture is merged: the audit, a reason for",
	"each deletion, no secret, nothing that a capture refuses;",
	"exit 1 if something does not",
	NULL
};

struct check_options {
	bool json, quiet;
};

/* What one run of the command holds. */
struct check_run {
	struct check_options o;
	git_repository *repo;
	struct config config;
	struct serversync_settings settings;
	struct project_files files;
	struct checked_branch checked;
	struct capture_check check;
};
#define CHECK_RUN_INIT                                                         \
	{                                                                      \
		.config = CONFIG_INIT, .settings = SERVERSYNC_SETTINGS_INIT,   \
		.files = PROJECT_FILES_INIT, .checked = CHECKED_BRANCH_INIT,   \
		.check = CAPTURE_CHECK_INIT                                    \
	}

static void check_run_release(struct check_run *r)
{
	capture_check_release(&r->check);
	checked_branch_release(&r->checked);
	project_files_release(&r->files);
	serversync_settings_release(&r->settings);
	config_release(&r->config);
	git_repository_free(r->repo);
}

static json_t *text_json(const char *text)
{
	return text ? json_out_text(text, strlen(text)) : json_null();
}

static json_t *id_json(const git_oid *id)
{
	char hex[GIT_OID_HEXSZ + 1];

	return json_string(git_oid_tostr(hex, sizeof(hex), id));
}

static json_t *captures_json(const struct capture_branch *b)
{
	json_t *list = json_array();

	for (size_t i = 0; i < b->nr; i++)
		if (b->v[i].is_capture)
			json_array_append_new(list, id_json(&b->v[i].id));
	return list;
}

static json_t *findings_json(const struct capture_check *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->nr; i++) {
		json_t *one = json_object();

		json_object_set_new(
			one, "kind",
			json_string(capture_finding_name(c->v[i].kind)));
		json_object_set_new(one, "path", text_json(c->v[i].path));
		json_object_set_new(one, "what", text_json(c->v[i].what));
		json_array_append_new(list, one);
	}
	return list;
}

static void print_json(const struct check_run *r)
{
	const struct capture_check *c = &r->check;
	AUTO_JSON json_t *doc = json_object();

	json_object_set_new(doc, "branch", text_json(r->checked.name));
	json_object_set_new(doc, "commit", id_json(&c->branch.tip));
	json_object_set_new(doc, "environment",
			    text_json(r->settings.environment));
	json_object_set_new(doc, "target", text_json(c->branch.target));
	json_object_set_new(doc, "base", id_json(&c->branch.common));
	json_object_set_new(doc, "captures", captures_json(&c->branch));
	json_object_set_new(doc, "verdict",
			    json_string(c->nr ? "findings" : "ok"));
	json_object_set_new(doc, "findings", findings_json(c));
	json_out_print(doc, stdout);
}

static bool has(const struct capture_check *c, enum capture_finding_kind kind)
{
	for (size_t i = 0; i < c->nr; i++)
		if (c->v[i].kind == kind)
			return true;
	return false;
}

static void print_findings(const struct check_run *r)
{
	const struct capture_check *c = &r->check;

	for (size_t i = 0; i < c->nr; i++) {
		AUTO_STRBUF struct strbuf path = STRBUF_INIT;

		quote_path(&path, c->v[i].path, strlen(c->v[i].path),
			   config_quote_path(&r->config));
		printf("%s%s%s: %s\n", cmd_colour(&r->config, COLOUR_BAD),
		       path.buf, cmd_colour(&r->config, COLOUR_RESET),
		       c->v[i].what);
	}
	if (has(c, FINDING_AUDIT))
		report_hint("git serversync audit %s", r->settings.environment);
	if (has(c, FINDING_DELETION))
		report_hint("a reason is a trailer of a commit on the branch: "
			    "Deletion-Reason: <path> — <reason>");
	if (has(c, FINDING_SECRET))
		report_hint("what was pushed is known: make the secret void, "
			    "and take it out of the history, too (git rebase)");
	if (c->nr > 1 || !has(c, FINDING_AUDIT))
		report_hint(
			"git serversync reject <branch> <path> takes a file "
			"out");
}

static void print_ok(const struct check_run *r)
{
	const struct capture_check *c = &r->check;
	AUTO_STRBUF struct strbuf what = STRBUF_INIT;
	size_t deleted = 0;

	if (r->o.quiet)
		return;
	for (size_t i = 0; i < c->delta.nr; i++)
		deleted += c->delta.v[i].status == 'D';
	amount_add_things(&what, c->delta.nr, "file", "files");
	strbuf_addf(&what, " of %s", r->checked.name);
	if (deleted)
		strbuf_addf(&what, ", %zu deleted for a reason", deleted);
	printf("%sOK%s — %s; safe to merge\n",
	       cmd_colour(&r->config, COLOUR_GOOD),
	       cmd_colour(&r->config, COLOUR_RESET), what.buf);
}

static int tell(const struct check_run *r)
{
	if (r->o.json)
		print_json(r);
	else if (r->check.nr)
		print_findings(r);
	else
		print_ok(r);
	return r->check.nr != 0;
}

static int open_run(struct check_run *r, const char *branch, struct err *err)
{
	struct checked_branch_request request = { .cfg = &r->config,
						  .name = branch };

	if (repo_open(&r->repo, err) < 0 || config_load(&r->config, err) < 0)
		return err->code;
	request.repo = r->repo;
	if (checked_branch_find(&request, &r->checked, &r->settings, err) < 0)
		return err->code;
	return project_files_open(&r->files, r->repo, err);
}

static int check(const struct check_options *o, const char *branch)
{
	CLEANUP(check_run_release) struct check_run r = CHECK_RUN_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	r.o = *o;
	if (open_run(&r, branch, &err) < 0)
		return report_failure(&err);
	r.check.repo = r.repo;
	r.check.settings = &r.settings;
	if (capture_check_run(&r.check, &r.checked.tip, &r.files, &err) < 0) {
		if (err.code == ERR_NOTFOUND)
			err_prefix(&err, "%s", r.checked.name);
		return report_failure(&err);
	}
	return tell(&r);
}

int cmd_check(int argc, char **argv)
{
	struct check_options o = { 0 };
	const struct opt options[] = {
		OPT_BOOL(0, "json", &o.json, "print the result as JSON"),
		OPT_BOOL('q', "quiet", &o.quiet, "print nothing when all is well"),
		OPT_END()
	};
	enum opts_result parsed = opts_parse(&argc, argv, options, usage);

	if (parsed)
		return opts_exit_status(parsed);
	if (argc > 1)
		return opts_usage_error(usage, options, "too many arguments");
	return check(&o, argc ? argv[0] : NULL);
}
