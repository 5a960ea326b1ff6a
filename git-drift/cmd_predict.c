#include "common/base/base.h"
#include "git-drift/cmd_predict.h"

#include "common/text/quote.h"
#include "common/ui/colour.h"
#include "common/ui/opts.h"
#include "common/ui/pager.h"
#include "common/ui/report.h"
#include "git-drift/cmd_versus.h"
#include "git-drift/drift.h"
#include "git-drift/drop_source.h"
#include "git-drift/predicted_merge.h"

static const char *const usage[] = {
	"git drift predict [<options>] <new-vendor>",
	"git drift predict --apply <branch> [<options>] <new-vendor>", "",
	"says what the vendor's next version will collide with", NULL
};

struct predict {
	const char *baseline, *commit, *apply, *vendor;
	int verbosity;
	bool json;

	struct cmd_versus v;	 /* the baseline and ours */
	struct drop_store store; /* what was delivered, in memory */
	struct vendor_baseline found;
	struct delta_side theirs;
	struct prediction prediction;
};

static void predict_release(struct predict *p)
{
	drop_store_release(&p->store);
	prediction_release(&p->prediction);
	vendor_baseline_release(&p->found);
	cmd_versus_release(&p->v);
}

static int find_revision(struct predict *p, struct err *err)
{
	const struct baseline_query q = {
		.pattern = p->v.session.settings.baseline,
		.revision = p->vendor,
		.head = &p->v.sides.new.commit,
	};

	if (vendor_baseline_find(p->v.session.repo, &q, &p->found, err) < 0)
		return err->code;
	p->theirs = (struct delta_side){ .name = p->found.name,
					 .version = p->found.version,
					 .commit = p->found.commit,
					 .tree = p->found.tree };
	return 0;
}

/* A directory or an archive becomes a tree that is never written. */
static int find_drop(struct predict *p, struct err *err)
{
	AUTO_DROP_SOURCE struct drop_source *src = NULL;
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	if (drop_source_open(p->vendor, &src, err) < 0 ||
	    drop_store_open(&p->store, p->v.session.repo, err) < 0)
		return err->code;
	quote_text(&shown, p->vendor, strlen(p->vendor));
	if (drop_source_tree(src, &p->store, &p->theirs.tree, err) < 0)
		return err_prefix(err, "'%s'", shown.buf);
	p->theirs.name = p->vendor;
	return 0;
}

/* A revision wins over a directory of the same name, as in git. */
static int find_vendor(struct predict *p, struct err *err)
{
	int ret = find_revision(p, err);

	if (ret != ERR_NOTFOUND)
		return ret;
	if (access(p->vendor, F_OK) != 0)
		return err_hint(err, "it is no directory and no archive, "
				     "either");
	err_release(err);
	return find_drop(p, err);
}

static int predict(struct predict *p, struct err *err)
{
	struct prediction_query q = { .settings = &p->v.session.settings };

	if (cmd_versus_open(&p->v, p->baseline, p->commit, err) < 0 ||
	    find_vendor(p, err) < 0)
		return err->code;
	q.base = p->v.sides.old.tree;
	q.ours = p->v.sides.new.tree;
	q.theirs = p->theirs.tree;
	return prediction_make(p->v.session.repo, &q, &p->prediction, err);
}

static void show(const struct predict *p)
{
	const struct config *cfg = &p->v.session.config;
	const struct colour_env stream = {
		.setting = config_get(cfg, "color", NULL, "ui"),
		.tty = isatty(STDOUT_FILENO),
	};
	const struct predict_view view = {
		.prediction = &p->prediction,
		.base = &p->v.sides.old,
		.ours = &p->v.sides.new,
		.vendor = &p->theirs,
		.all = p->verbosity > 0,
		.quiet = p->verbosity < 0,
		.colour = colour_wanted(&stream),
		.quote_path = p->v.session.quote_path,
	};
	AUTO_PAGER struct pager pager = PAGER_INIT;

	if (p->json) {
		cmd_predict_json(&view);
		return;
	}
	pager_start(&pager, config_get(cfg, "core", NULL, "pager"));
	cmd_predict_print(&view);
}

/* What was delivered has to be a commit before it can be merged. */
static int not_frozen(const struct predict *p, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_text(&shown, p->vendor, strlen(p->vendor));
	err_set(err, ERR_FAILED, "'%s' is no commit that could be merged",
		shown.buf);
	return err_hint(err, "freeze it first: git drift baseline <version> %s",
			shown.buf);
}

static int apply(const struct predict *p, struct err *err)
{
	const struct predicted_merge merge = {
		.ours = p->v.sides.new.commit,
		.theirs = p->theirs.commit,
		.our_label = p->v.sides.new.name,
		.their_label = p->theirs.name,
		.branch = p->apply,
	};
	char hex[8];
	git_oid made;

	if (git_oid_is_zero(&p->theirs.commit))
		return not_frozen(p, err);
	if (predicted_merge_make(p->v.session.repo, &merge, &p->prediction,
				 &made, err) < 0)
		return err->code;
	if (!p->json && p->verbosity >= 0)
		printf("Made branch %s at %s\n", p->apply,
		       git_oid_tostr(hex, sizeof(hex), &made));
	return 0;
}

static int run(struct predict *p)
{
	AUTO_ERR struct err err = ERR_INIT;

	if (predict(p, &err) < 0)
		return report_failure(&err);
	if (p->prediction.renames_limited)
		report_warning("so many files were moved that only those that "
			       "stayed the same are followed");
	if (p->apply && apply(p, &err) < 0)
		return report_failure(&err);
	show(p);
	if (p->apply || !p->prediction.decisions)
		return 0;
	if (!git_oid_is_zero(&p->theirs.commit))
		report_hint("git drift predict --apply <branch> %s makes the "
			    "merge, on a branch of its own",
			    p->theirs.name);
	return 1;
}

int cmd_predict(int argc, char **argv)
{
	CLEANUP(predict_release)
	struct predict p = { .v = CMD_VERSUS_INIT, .prediction = PREDICTION_INIT };
	const struct opt options[] = {
		OPT_STRING(0, "apply", &p.apply, "branch",
			   "make the merge, on a new branch"),
		OPT_STRING(0, "baseline", &p.baseline, "revision",
			   "what ours started from (default: as git drift)"),
		OPT_STRING(0, "commit", &p.commit, "commit",
			   "what is ours (default: HEAD)"),
		OPT_BOOL(0, "json", &p.json, "print the result as JSON"),
		OPT_VERBOSITY(&p.verbosity),
		OPT_END()
	};
	enum opts_result parsed = opts_parse(&argc, argv, options, usage);

	if (parsed)
		return opts_exit_status(parsed);
	if (argc != 1)
		return opts_usage_error(usage, options,
					"name the vendor's new version");
	p.vendor = argv[0];
	return run(&p);
}
