#include "common/base/base.h"
#include "common/git/repo.h"
#include "common/text/quote.h"
#include "common/ui/amount.h"
#include "common/ui/opts.h"
#include "common/ui/report.h"
#include "git-drift/baseline_job.h"
#include "git-drift/drift.h"

static const char *const usage[] = {
	"git drift baseline [-n] [-q] <version> [<directory>|<zip>]", "",
	"freezes a version of the vendor's code, exactly as it was delivered", NULL
};

static void add_quoted(struct strbuf *out, const char *text)
{
	quote_text(out, text, strlen(text));
}

static void warn_list(const char *what, const struct strvec *list)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;

	for (size_t i = 0; i < list->nr && i < 10; i++) {
		strbuf_addstr(&text, "\n  ");
		add_quoted(&text, list->v[i]);
	}
	if (list->nr > 10)
		strbuf_addf(&text, "\n  and %zu more", list->nr - 10);
	if (list->nr)
		report_warning("%s%s", what, text.buf);
}

static void warn(const struct baseline_result *r)
{
	warn_list("directories without a file are not kept:", &r->empty);
	warn_list("names differ in case alone, which not every file system "
		  "can hold:",
		  &r->clashes);
	if (r->same_files)
		report_warning("these are the same files as in %s", r->after);
}

static void add_files(struct strbuf *out, const struct baseline_result *r)
{
	amount_add_things(out, r->files, "file", "files");
	strbuf_addstr(out, ", ");
	amount_add_size(out, r->bytes);
}

static void print(const struct baseline_request *req,
		  const struct baseline_result *r)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, 8, &r->commit);
	if (req->source) {
		add_quoted(&text, req->source);
		strbuf_addstr(&text, " (");
		add_files(&text, r);
		strbuf_addstr(&text, ")");
	} else {
		strbuf_addf(&text, "HEAD");
	}
	if (r->top) {
		strbuf_addstr(&text, " without its directory ");
		add_quoted(&text, r->top);
	}
	printf("%s %s as %s (%s)", req->dry_run ? "Would freeze" : "Froze",
	       text.buf, r->tag, hex);
	if (r->after && req->source)
		printf(", after %s", r->after);
	fputc('\n', stdout);
}

static void finish(const struct baseline_request *req,
		   const struct baseline_result *r, bool quiet)
{
	if (r->was_there) {
		if (!quiet)
			printf("%s holds exactly these files already\n", r->tag);
		return;
	}
	warn(r);
	if (quiet)
		return;
	print(req, r);
	if (!req->dry_run)
		report_hint("git push origin " BASELINE_BRANCH " %s", r->tag);
}

int cmd_baseline(int argc, char **argv)
{
	AUTO_BASELINE_RESULT struct baseline_result r = BASELINE_RESULT_INIT;
	AUTO_DRIFT_SESSION struct drift_session s = DRIFT_SESSION_INIT;
	struct baseline_request req = { 0 };
	AUTO_ERR struct err err = ERR_INIT;
	bool quiet = false;
	const struct opt options[] = {
		OPT_BOOL('n', "dry-run", &req.dry_run,
			 "check and show, but freeze nothing"),
		OPT_BOOL('q', "quiet", &quiet, "print nothing but warnings"),
		OPT_END()
	};
	enum opts_result parsed = opts_parse(&argc, argv, options, usage);

	if (parsed)
		return opts_exit_status(parsed);
	if (argc < 1 || argc > 2)
		return opts_usage_error(usage, options,
					argc ? "too many arguments"
					     : "name the version");
	req.version = argv[0];
	req.source = argc > 1 ? argv[1] : NULL;
	if (drift_session_open(&s, &err) < 0 || repo_sync_writes(&err) < 0 ||
	    baseline_freeze(&s, &req, &r, &err) < 0)
		return report_failure(&err);
	finish(&req, &r, quiet);
	return 0;
}
