#include "common/base/base.h"
#include "git-drift/cmd_check.h"

#include "common/text/quote.h"
#include "common/ui/amount.h"
#include "common/ui/json_out.h"
#include "common/ui/opts.h"
#include "common/ui/report.h"
#include "common/ui/table.h"
#include "git-drift/check_proposal.h"
#include "git-drift/cmd_versus.h"
#include "git-drift/drift.h"

static const char *const usage[] = {
	"git drift check [<options>] [<baseline>] [<commit>]",
	"", "tells whether every change to the vendor's files is recorded or marked;",
	"exit 1 if not", NULL
};

struct check_options {
	bool fix, json, sarif, nul;
	int verbosity;
};

/* "app/User.php:12-14" */
static void add_place(struct strbuf *out, const struct drift_finding *f,
		      bool quote_high)
{
	quote_path(out, f->path, strlen(f->path), quote_high);
	if (f->first)
		strbuf_addf(out, ":%zu", f->first);
	if (f->last > f->first)
		strbuf_addf(out, "-%zu", f->last);
}

static void print_table(const struct drift_check *c,
			const struct drift_session *s)
{
	const struct colour_env stream = {
		.setting = config_get(&s->config, "color", NULL, "ui"),
		.tty = isatty(STDOUT_FILENO),
	};
	AUTO_TABLE struct table t = { .colour = colour_wanted(&stream) };

	for (size_t i = 0; i < c->findings.nr; i++) {
		const struct drift_finding *f = &c->findings.v[i];
		AUTO_STRBUF struct strbuf place = STRBUF_INIT;
		bool note = drift_rules[f->rule].note;

		add_place(&place, f, s->quote_path);
		table_row(&t, place.buf, note ? "note" : "error", f->text, NULL);
		if (!note)
			table_colour(&t, COLOUR_BAD);
	}
	table_print(&t, stdout);
}

/* -z: "error unrecorded 12-14 app/User.php", and a NUL. */
static void print_nul(const struct drift_check *c)
{
	for (size_t i = 0; i < c->findings.nr; i++) {
		const struct drift_finding *f = &c->findings.v[i];
		const struct drift_rule_text *rule = &drift_rules[f->rule];

		printf("%s %s %zu-%zu %s", rule->note ? "note" : "error",
		       rule->name, f->first, f->last, f->path);
		putchar('\0');
	}
}

/* With -v: what explains each change. */
static void print_changes(const struct drift_check *c,
			  const struct drift_session *s)
{
	static const char *const verdicts[DRIFT_VERDICTS] = {
		[DRIFT_UNEXPLAINED] = "not explained",
		[DRIFT_CUSTOM] = "custom directory",
		[DRIFT_RECORDED] = "recorded",
		[DRIFT_COVERED] = "covered by markers",
	};

	for (size_t i = 0; i < c->delta.nr; i++) {
		const struct tree_change *change = &c->delta.v[i];
		AUTO_STRBUF struct strbuf path = STRBUF_INIT;

		quote_path(&path, change->path, change->path_len, s->quote_path);
		printf("%c\t%s: %s\n", change->status, path.buf,
		       verdicts[c->verdicts[i]]);
	}
}

static void add_count(struct strbuf *out, size_t nr, const char *what)
{
	strbuf_addstr(out, ", ");
	amount_add_count(out, nr);
	strbuf_addf(out, " %s", what);
}

static void print_summary(const struct drift_check *c,
			  const struct delta_sides *sides)
{
	size_t nr = c->delta.nr - c->nr[DRIFT_CUSTOM];
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;

	quote_text(&line, sides->old.name, strlen(sides->old.name));
	strbuf_addstr(&line, "..");
	quote_text(&line, sides->new.name, strlen(sides->new.name));
	strbuf_addstr(&line, ": ");
	amount_add_things(&line, nr, "change to the vendor's files",
			  "changes to the vendor's files");
	add_count(&line, c->nr[DRIFT_RECORDED], "recorded");
	add_count(&line, c->nr[DRIFT_COVERED], "covered by markers");
	add_count(&line, c->nr[DRIFT_UNEXPLAINED], "not explained");
	fprintf(stderr, "%s\n", line.buf);
}

static void report_no(const struct drift_check *c)
{
	size_t nr = c->findings.nr - c->findings.notes;
	AUTO_STRBUF struct strbuf what = STRBUF_INIT;

	if (c->nr[DRIFT_UNEXPLAINED]) {
		amount_add_things(&what, c->nr[DRIFT_UNEXPLAINED],
				  "change is not explained",
				  "changes are not explained");
	} else {
		amount_add_things(&what, nr, "finding", "findings");
		strbuf_addstr(&what, ", although every change is explained");
	}
	report_error("%s", what.buf);
}

static int answer(const struct drift_check *c, const struct delta_sides *sides,
		  const struct check_options *o)
{
	if (o->verbosity >= 0)
		print_summary(c, sides);
	if (drift_check_passed(c))
		return 0;
	report_no(c);
	if (c->nr[DRIFT_UNEXPLAINED] && !o->fix)
		report_hint("git drift check --fix | git apply");
	return 1;
}

/* The day of the commit that was looked at, so that it is always the same. */
static int print_proposal(const struct drift_check *c,
			  const struct cmd_versus *v, struct err *err)
{
	AUTO_COMMIT git_commit *commit = NULL;
	AUTO_STRBUF struct strbuf patch = STRBUF_INIT;
	char date[sizeof("yyyyyy-mm-dd")] = "?";
	struct tm tm;
	time_t t;

	if (git_commit_lookup(&commit, v->session.repo, &v->sides.new.commit) < 0)
		return err_git(err, ERR_FAILED, "cannot read a commit");
	t = (time_t)git_commit_time(commit);
	if (gmtime_r(&t, &tm))
		strftime(date, sizeof(date), "%Y-%m-%d", &tm);
	if (check_proposal(c, date, &patch, err) < 0)
		return err->code;
	fwrite(patch.buf, 1, patch.len, stdout);
	return 0;
}

static int print(const struct drift_check *c, const struct cmd_versus *v,
		 const struct check_options *o, struct err *err)
{
	AUTO_JSON json_t *doc = NULL;

	if (o->fix)
		return print_proposal(c, v, err);
	if (o->json)
		doc = cmd_check_json(c, &v->sides);
	if (o->sarif)
		doc = cmd_check_sarif(c);
	if (doc)
		json_out_print(doc, stdout);
	else if (o->nul)
		print_nul(c);
	else if (o->verbosity > 0)
		print_changes(c, &v->session);
	if (!doc && !o->nul)
		print_table(c, &v->session);
	return 0;
}

static int check(const struct check_options *o, int argc, char **argv)
{
	AUTO_VERSUS struct cmd_versus v = CMD_VERSUS_INIT;
	AUTO_DRIFT_CHECK struct drift_check c = DRIFT_CHECK_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	repo_trust_objects();
	if (cmd_versus_open(&v, argc ? argv[0] : NULL,
			    argc > 1 ? argv[1] : NULL, &err) < 0)
		return report_failure(&err);
	c.repo = v.session.repo;
	c.settings = &v.session.settings;
	c.old_tree = &v.sides.old.tree;
	c.new_tree = &v.sides.new.tree;
	if (drift_check_run(&c, &err) < 0 || print(&c, &v, o, &err) < 0)
		return report_failure(&err);
	return answer(&c, &v.sides, o);
}

int cmd_check(int argc, char **argv)
{
	struct check_options o = { 0 };
	const struct opt options[] = {
		OPT_BOOL(0, "fix", &o.fix,
			 "print a patch that adds the missing entries"),
		OPT_BOOL('z', NULL, &o.nul, "end findings with NUL, unquoted"),
		OPT_BOOL(0, "json", &o.json, "print the result as JSON"),
		OPT_BOOL(0, "sarif", &o.sarif,
			 "print the result as SARIF, for code hosts"),
		OPT_VERBOSITY(&o.verbosity),
		OPT_END()
	};
	enum opts_result parsed = opts_parse(&argc, argv, options, usage);

	if (parsed)
		return opts_exit_status(parsed);
	if (argc > 2)
		return opts_usage_error(usage, options, "too many arguments");
	if (o.fix + o.nul + o.json + o.sarif > 1)
		return opts_usage_error(
			usage, options, "only one of --fix, -z, --json, --sarif");
	return check(&o, argc, argv);
}
