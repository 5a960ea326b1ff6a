#include "common/base/base.h"
#include "common/sys/clock.h"
#include "common/ui/amount.h"
#include "common/ui/json_out.h"
#include "common/ui/opts.h"
#include "common/ui/pager.h"
#include "common/ui/report.h"
#include "common/ui/table.h"
#include "git-release/cmd_text.h"
#include "git-release/pending.h"
#include "git-release/release.h"

static const char *const usage[] = {
	"git release pending [--to <env>] [--no-sync] [-z | --json] [<commit>]",
	"", "lists the commits of the release branch, or up to a commit, that are not",
	"live yet; exit 1 if what they change ships", NULL
};

static const char *const by_names[] = {
	[PENDING_BY_NOTHING] = NULL,	     [PENDING_BY_PACKAGES] = "packages",
	[PENDING_BY_CODE_PATH] = "codePath", [PENDING_BY_FILES] = "files",
	[PENDING_BY_SOURCE] = "source",
};

static void print_commits(const struct pending *p)
{
	AUTO_TABLE struct table t = { .indent = "  " };

	for (size_t i = 0; i < p->nr_commits; i++) {
		const struct pending_commit *c = &p->commits[i];
		char hex[8], day[CLOCK_STAMP_SIZE];

		clock_stamp((time_t)c->at, day);
		day[strlen("2026-11-26")] = '\0';
		table_row(&t, git_oid_tostr(hex, sizeof(hex), &c->id), day,
			  c->author, c->subject, NULL);
	}
	table_print(&t, stdout);
}

static void print_files(const struct pending *p, bool nul)
{
	const struct cmd_text_paths how = {
		.config = &p->session.config,
		.indent = nul ? "" : "  ",
		.nul = nul,
	};

	for (size_t i = 0; i < p->nr_files; i++)
		cmd_text_change(&how, p->files[i].status, p->files[i].path);
}

static void print_count(size_t nr, const char *one, const char *many,
			const char *what)
{
	AUTO_STRBUF struct strbuf count = STRBUF_INIT;

	amount_add_things(&count, nr, one, many);
	printf("%s %s\n", count.buf, what);
}

static void print_files_line(const struct pending *p)
{
	bool one = p->nr_files == 1;

	if (p->by == PENDING_BY_SOURCE)
		print_count(p->nr_files, "file", "files",
			    one ? "that the build starts from differs:"
				: "that the build starts from differ:");
	else
		print_count(p->nr_files, "file", "files",
			    one ? "that ships differs:" : "that ship differ:");
}

static void print_unknown(const struct pending *p)
{
	AUTO_STRBUF struct strbuf count = STRBUF_INIT;

	amount_add_things(&count, p->nr_commits, "commit", "commits");
	printf("Nothing is known to be live on %s: all of %s is pending, %s\n",
	       p->env, p->label, count.buf);
}

static void print_live(const struct pending *p)
{
	char live[8], tip[8];

	printf("%s: %s%s%s%s is live, %s is at %s\n", p->env,
	       p->package.tag ? p->package.tag : "", p->package.tag ? " (" : "",
	       git_oid_tostr(live, sizeof(live), &p->live_commit),
	       p->package.tag ? ")" : "", p->label,
	       git_oid_tostr(tip, sizeof(tip), &p->tip));
}

static void print_text(const struct pending *p)
{
	if (!p->known) {
		print_unknown(p);
		return;
	}
	print_live(p);
	if (p->nr_commits)
		print_count(p->nr_commits, "commit", "commits", "not live yet:");
	print_commits(p);
	if (p->behind)
		print_count(p->behind, "commit", "commits",
			    "live, and not in it");
	if (p->build_changed)
		printf("What is built, or how, has changed\n");
	if (p->nr_files)
		print_files_line(p);
	print_files(p, false);
	if (!pending_differs(p))
		printf("Nothing that ships differs\n");
}

static json_t *live_json(const struct pending *p)
{
	char hex[GIT_OID_HEXSZ + 1];
	json_t *live;

	if (!p->known)
		return json_null();
	live = json_object();
	cmd_text_json(live, "version", p->package.tag);
	cmd_text_json(live, "package",
		      p->package.tag ? git_oid_tostr(hex, sizeof(hex), &p->live)
				     : NULL);
	cmd_text_json(live, "commit",
		      git_oid_tostr(hex, sizeof(hex), &p->live_commit));
	return live;
}

static json_t *commits_json(const struct pending *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->nr_commits; i++) {
		const struct pending_commit *c = &p->commits[i];
		char hex[GIT_OID_HEXSZ + 1], at[CLOCK_STAMP_SIZE];
		json_t *one = json_object();

		clock_stamp((time_t)c->at, at);
		cmd_text_json(one, "commit",
			      git_oid_tostr(hex, sizeof(hex), &c->id));
		cmd_text_json(one, "time", at);
		cmd_text_json(one, "author", c->author);
		cmd_text_json(one, "subject", c->subject);
		json_array_append_new(list, one);
	}
	return list;
}

static void print_json(const struct pending *p)
{
	AUTO_JSON json_t *doc = json_object();
	json_t *files = json_array();
	char hex[GIT_OID_HEXSZ + 1];

	cmd_text_json(doc, "environment", p->env);
	json_object_set_new(doc, "live", live_json(p));
	cmd_text_json(doc, "until", p->label);
	cmd_text_json(doc, "commit", git_oid_tostr(hex, sizeof(hex), &p->tip));
	json_object_set_new(doc, "differs", json_boolean(pending_differs(p)));
	cmd_text_json(doc, "compared", by_names[p->by]);
	json_object_set_new(doc, "build_changed", json_boolean(p->build_changed));
	json_object_set_new(doc, "behind", json_integer((json_int_t)p->behind));
	json_object_set_new(doc, "commits", commits_json(p));
	for (size_t i = 0; i < p->nr_files; i++)
		cmd_text_change_json(files, p->files[i].status, p->files[i].path);
	json_object_set_new(doc, "files", files);
	json_out_print(doc, stdout);
}

static void show(const struct pending *p)
{
	AUTO_PAGER struct pager pager = PAGER_INIT;

	pager_start(&pager,
		    config_get(&p->session.config, "core", NULL, "pager"));
	print_text(p);
}

int cmd_pending(int argc, char **argv)
{
	AUTO_PENDING struct pending p;
	AUTO_ERR struct err err = ERR_INIT;
	bool json = false, nul = false;
	int verbosity = 0;
	const struct opt options[] = {
		OPT_STRING(0, "to", &p.options.to, "env", "the environment"),
		OPT_BOOL(0, "no-sync", &p.options.no_sync,
			 "fetch nothing, take what is here"),
		OPT_BOOL('z', NULL, &nul,
			 "print files alone, ended with NUL, unquoted"),
		OPT_BOOL(0, "json", &json, "print the result as JSON"),
		OPT_VERBOSITY(&verbosity),
		OPT_END()
	};
	enum opts_result parsed;

	pending_init(&p);
	parsed = opts_parse(&argc, argv, options, usage);
	if (parsed)
		return opts_exit_status(parsed);
	if (argc > 1)
		return opts_usage_error(usage, options, "one commit at a time");
	p.options.commit = argc ? argv[0] : NULL;
	if (pending_find(&p, &err) < 0)
		return report_failure(&err);
	for (size_t i = 0; i < p.warnings.nr; i++)
		report_warning("%s", p.warnings.v[i]);
	if (json)
		print_json(&p);
	else if (nul)
		print_files(&p, true);
	else if (verbosity >= 0)
		show(&p);
	if (!p.known)
		report_hint("git release status --to %s asks the server", p.env);
	return pending_differs(&p);
}
