#include "common/base/base.h"
#include "common/text/ledger_line.h"
#include "common/ui/amount.h"
#include "common/ui/json_out.h"
#include "common/ui/opts.h"
#include "common/ui/pager.h"
#include "common/ui/report.h"
#include "common/ui/table.h"
#include "git-release/cmd_look.h"
#include "git-release/cmd_text.h"
#include "git-release/log_filter.h"
#include "git-release/log_records.h"
#include "git-release/release.h"

#include <time.h>

static const char *const usage[] = {
	"git release log [--to <env>] [-<number>] [<filters>] [<version>]",
	"git release log --records [--to <env>] [-<number>] [<filters>]",
	"",
	"shows what happened on the server, or what the records in git tell,",
	"the newest first, with how long it took and how long it was live",
	NULL
};

struct log {
	struct cmd_look look;
	struct log_lines lines;
	struct log_filter filter;
	struct strbuf tag; /* of the version that was asked for */
	const char *to, *version;
	uint64_t max;
	bool records;
	int verbosity;
};

static void log_release(struct log *log)
{
	cmd_look_release(&log->look);
	log_lines_release(&log->lines);
	strvec_release(&log->filter.events);
	strbuf_release(&log->tag);
}

static const char *or_dash(const char *text)
{
	return *text ? text : "-";
}

/* The ledger knows whole seconds only. */
static const char *whole_seconds(struct strbuf *out, int64_t seconds)
{
	if (seconds < 0)
		return "-";
	if (seconds < 60)
		strbuf_addf(out, "%s%ds", seconds ? "" : "<",
			    seconds ? (int)seconds : 1);
	else
		amount_add_elapsed(out, (uint64_t)seconds * 1000);
	return out->buf;
}

static const char *exact_time(struct strbuf *out, int64_t ms)
{
	if (ms < 0)
		return "-";
	amount_add_elapsed(out, (uint64_t)ms);
	return out->buf;
}

static int64_t seconds_of(int64_t ms)
{
	return ms < 0 ? -1 : ms / 1000;
}

static void add_row(struct table *t, const struct log_line *l)
{
	AUTO_STRBUF struct strbuf took = STRBUF_INIT, live = STRBUF_INIT;

	table_row(t, l->time, NULL);
	if (l->environment)
		table_cell(t, l->environment);
	table_cell(t, l->event);
	table_cell(t, or_dash(l->release));
	table_cell(t, or_dash(l->version));
	table_cell(t, l->environment ? exact_time(&took, l->took)
				     : whole_seconds(&took, seconds_of(l->took)));
	table_cell(t, whole_seconds(&live, l->live_for));
	table_cell(t, or_dash(l->who));
	table_cell(t, l->note);
}

static void print_table(const struct log *log)
{
	AUTO_TABLE struct table t = TABLE_INIT;

	if (log->records)
		table_row(&t, "TIME", "ENVIRONMENT", "EVENT", "RELEASE",
			  "VERSION", "TOOK", "LIVE", "WHO", "NOTE", NULL);
	else
		table_row(&t, "TIME", "EVENT", "RELEASE", "VERSION", "TOOK",
			  "LIVE", "WHO", "NOTE", NULL);
	for (size_t i = log->lines.nr; i--;)
		add_row(&t, &log->lines.v[i]);
	if (log->lines.nr)
		table_print(&t, stdout);
}

static void add_number(json_t *doc, const char *key, int64_t n)
{
	json_object_set_new(doc, key,
			    n < 0 ? json_null() : json_integer((json_int_t)n));
}

static json_t *event_json(const struct log_line *l)
{
	json_t *one = json_object();

	if (l->environment) {
		cmd_text_json(one, "environment", l->environment);
		cmd_text_json(one, "id", l->id);
	} else {
		add_number(one, "number", (int64_t)l->seq);
	}
	cmd_text_json(one, "time", l->time);
	cmd_text_json(one, "event", l->event);
	cmd_text_json(one, "release", l->release);
	cmd_text_json(one, "version", l->version);
	cmd_text_json(one, "package", l->package);
	cmd_text_json(one, "who", l->who);
	cmd_text_json(one, "note", l->note);
	if (l->environment) {
		cmd_text_json(one, "previous", l->previous);
		cmd_text_json(one, "host", l->host);
	}
	if (l->environment)
		add_number(one, "milliseconds", l->took);
	else
		add_number(one, "seconds", seconds_of(l->took));
	add_number(one, "live_seconds", l->live_for);
	return one;
}

static void print_json(const struct log *log)
{
	AUTO_JSON json_t *doc = json_object();
	json_t *list = json_array();

	cmd_text_json(doc, "environment",
		      log->records ? log->to : log->look.session.env.name);
	for (size_t i = log->lines.nr; i--;)
		json_array_append_new(list, event_json(&log->lines.v[i]));
	json_object_set_new(doc, "events", list);
	json_out_print(doc, stdout);
}

static void show(const struct log *log)
{
	AUTO_PAGER struct pager pager = PAGER_INIT;

	pager_start(&pager, config_get(&log->look.session.config, "core", NULL,
				       "pager"));
	print_table(log);
}

static int read_filter(struct log *log, struct err *err)
{
	AUTO_STRBUF struct strbuf known = STRBUF_INIT;

	for (int i = 0; !log->records && i < LEDGER_EVENTS; i++)
		strbuf_addf(&known, "%s%s", i ? " " : "", ledger_event_name(i));
	if (log->records)
		strbuf_addstr(&known, "released rolledback failed");
	return log_filter_read(&log->filter, time(NULL), known.buf, err);
}

/* "1.2.0" and "v1.2.0" are the same; a release is called what it is. */
static int read_version(struct log *log, struct err *err)
{
	struct session *s = &log->look.session;

	if (!log->version)
		return 0;
	if (settings_build(&s->settings, &s->build, err) < 0 ||
	    version_tag_name(log->version, s->build.tag_prefix, &log->tag, err) <
		    0)
		return err->code;
	log->filter.version = log->tag.buf;
	log->filter.release = log->version;
	return 0;
}

static int ask_server(struct log *log, struct err *err)
{
	struct cmd_look *look = &log->look;
	bool all = log_filter_is_set(&log->filter) || log->version;

	if (cmd_look_open(look, log->to, log->verbosity, err) < 0 ||
	    read_version(log, err) < 0)
		return err->code;
	/* A filter has to see more than it shows, and so do durations. */
	if (log_lines_ask(look->host, all ? LOG_LINES_MAX : log->max + 100,
			  &log->lines, err) < 0)
		return err->code;
	if (look->view.damaged_lines)
		report_warning("%" PRIu64 " lines of the ledger are damaged",
			       look->view.damaged_lines);
	return 0;
}

static int read_records(struct log *log, struct err *err)
{
	struct session *s = &log->look.session;

	if (session_open(s, err) < 0 ||
	    session_work_tree_settings(s, err) < 0 || read_version(log, err) < 0)
		return err->code;
	log->filter.environment = log->to;
	return log_records_read(s->repo, &log->lines, err);
}

static int find(struct log *log, struct err *err)
{
	int ret = read_filter(log, err);

	if (!ret)
		ret = log->records ? read_records(log, err)
				   : ask_server(log, err);
	if (!ret)
		log_filter_apply(&log->filter, log->max, &log->lines);
	return ret;
}

/* "-3", as git log has it, is "--max-count=3". */
static void spell_counts(int argc, char **argv, struct strvec *spelt)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		const char *digits = argv[i] + 1;

		if (*argv[i] != '-' || !*digits ||
		    digits[strspn(digits, "0123456789")])
			continue;
		strvec_pushf(spelt, "--max-count=%s", digits);
		argv[i] = spelt->v[spelt->nr - 1];
	}
}

int cmd_log(int argc, char **argv)
{
	AUTO_STRVEC struct strvec spelt = STRVEC_INIT;
	CLEANUP(log_release)
	struct log log = {
		.lines = LOG_LINES_INIT,
		.filter = LOG_FILTER_INIT,
		.tag = STRBUF_INIT,
		.max = 1000,
	};
	AUTO_ERR struct err err = ERR_INIT;
	bool json = false;
	const struct opt options[] = {
		OPT_STRING(0, "to", &log.to, "env", "the environment"),
		OPT_U64('n', "max-count", &log.max, "number",
			"at most this many lines"),
		OPT_BOOL(0, "records", &log.records,
			 "the records in git, without asking the server"),
		OPT_GROUP("filters"),
		OPT_STRING(0, "since", &log.filter.since, "time",
			   "not before; 2026-11-26, or 2d for two days ago"),
		OPT_STRING(0, "until", &log.filter.until, "time", "not after"),
		OPT_LIST(0, "event", &log.filter.events, "event",
			 "only these, such as healthy or failed"),
		OPT_STRING(0, "by", &log.filter.by, "who", "part of who did it"),
		OPT_GROUP("output"),
		OPT_BOOL(0, "json", &json, "print the result as JSON"),
		OPT_VERBOSITY(&log.verbosity),
		OPT_END()
	};
	enum opts_result parsed;

	spell_counts(argc, argv, &spelt);
	parsed = opts_parse(&argc, argv, options, usage);
	if (parsed)
		return opts_exit_status(parsed);
	if (argc > 1)
		return opts_usage_error(usage, options, "too many arguments");
	log.version = argc ? argv[0] : NULL;
	if (log.max > LOG_LINES_MAX)
		log.max = LOG_LINES_MAX;
	if (find(&log, &err) < 0)
		return report_failure(&err);
	if (json)
		print_json(&log);
	else
		show(&log);
	return 0;
}
