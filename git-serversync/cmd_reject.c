#include "common/base/base.h"
#include "common/sys/signals.h"
#include "common/text/quote.h"
#include "common/ui/amount.h"
#include "common/ui/opts.h"
#include "common/ui/report.h"
#include "git-serversync/capture_reject.h"
#include "git-serversync/serversync.h"

static const char *const usage[] = {
	"git serversync reject [<options>] <branch> <path>...", "",
	"takes files out of a capture by a new commit on its branch, in which",
	"they are as before; a directory stands for all that is captured in it",
	NULL
};

struct reject_options {
	bool no_push, dry_run;
	int verbosity;
};

static void print_paths(const struct capture_reject *r)
{
	bool quote = config_quote_path(r->cfg);

	for (size_t i = 0; i < r->paths.nr; i++) {
		AUTO_STRBUF struct strbuf path = STRBUF_INIT;

		quote_path(&path, r->paths.v[i], strlen(r->paths.v[i]), quote);
		printf("  %s\n", path.buf);
	}
}

#define EDITED_SHOWN 5

/* It goes with the file: whoever names a directory may not know of it. */
static void tell_edited(const struct capture_reject *r)
{
	AUTO_STRBUF struct strbuf list = STRBUF_INIT;
	size_t nr = r->edited.nr;

	for (size_t i = 0; i < nr && i < EDITED_SHOWN; i++) {
		strbuf_addstr(&list, i ? ", " : "");
		quote_path(&list, r->edited.v[i], strlen(r->edited.v[i]),
			   config_quote_path(r->cfg));
	}
	if (nr > EDITED_SHOWN)
		strbuf_addf(&list, " and %zu more", nr - EDITED_SHOWN);
	if (nr)
		report_warning("what was changed on the branch since the "
			       "capture goes, too: %s",
			       list.buf);
}

static void tell_nothing_left(const struct capture_reject *r)
{
	const struct branch_place *p = &r->place;

	printf("Nothing of the capture is left\n");
	if (p->is_there)
		report_hint("close its review request, and "
			    "git push %s --delete %s",
			    p->remote, p->name);
	else
		report_hint("git branch -D %s", p->name);
}

static void tell(const struct capture_reject *r, const struct reject_options *o)
{
	AUTO_STRBUF struct strbuf what = STRBUF_INIT;
	char hex[8];

	if (o->verbosity < 0)
		return;
	git_oid_tostr(hex, sizeof(hex), &r->commit);
	amount_add_things(&what, r->paths.nr, "file", "files");
	if (o->dry_run)
		printf("Would reject %s of %s\n", what.buf, r->branch);
	else if (!r->paths.nr)
		printf("Already rejected on %s (%s)\n", r->branch, hex);
	else
		printf("Rejected %s of %s (%s, %s%s)\n", what.buf, r->branch, hex,
		       !o->no_push && r->place.is_there ? "pushed to "
							: "not pushed",
		       !o->no_push && r->place.is_there ? r->place.remote : "");
	if (o->dry_run || o->verbosity > 0)
		print_paths(r);
	tell_edited(r);
	if (!o->dry_run && r->nothing_left)
		tell_nothing_left(r);
}

static int reject(struct capture_reject *r, const struct reject_options *o,
		  char *const *names, struct err *err)
{
	int ret = capture_reject_open(r, names, !o->no_push, err);

	if (ret < 0)
		return ret;
	if (!o->dry_run && ((ret = capture_reject_commit(r, err)) < 0 ||
			    (ret = capture_reject_move(r, !o->no_push, err)) < 0))
		return ret;
	tell(r, o);
	return 0;
}

static int run(const struct reject_options *o, char **argv)
{
	AUTO_CAPTURE_REJECT struct capture_reject r = CAPTURE_REJECT_INIT;
	AUTO_CONFIG struct config cfg = CONFIG_INIT;
	AUTO_REPO git_repository *repo = NULL;
	AUTO_ERR struct err err = ERR_INIT;

	if (signals_catch(&err) < 0 || repo_open(&repo, &err) < 0 ||
	    config_load(&cfg, &err) < 0)
		return report_failure(&err);
	r.repo = repo;
	r.cfg = &cfg;
	r.branch = argv[0];
	if (reject(&r, o, argv + 1, &err) < 0)
		return report_failure(&err);
	return 0;
}

int cmd_reject(int argc, char **argv)
{
	struct reject_options o = { 0 };
	const struct opt options[] = {
		OPT_BOOL(0, "no-push", &o.no_push,
			 "leave the branch on the remote alone"),
		OPT_BOOL('n', "dry-run", &o.dry_run,
			 "list the files, change nothing"),
		OPT_VERBOSITY(&o.verbosity), OPT_END()
	};
	enum opts_result parsed = opts_parse(&argc, argv, options, usage);

	if (parsed)
		return opts_exit_status(parsed);
	if (argc < 2)
		return opts_usage_error(usage, options,
					"a branch and a path are needed");
	return run(&o, argv);
}
