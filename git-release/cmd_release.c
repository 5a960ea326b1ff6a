#include "common/base/base.h"
#include "common/sys/signals.h"
#include "common/ui/amount.h"
#include "common/ui/json_out.h"
#include "common/ui/opts.h"
#include "common/ui/phases.h"
#include "common/ui/report.h"
#include "git-release/cmd_listener.h"
#include "git-release/cmd_text.h"
#include "git-release/edit_look.h"
#include "git-release/release.h"
#include "git-release/release_job.h"
#include "git-release/wait_option.h"

static void show_ship(struct release_job *job, struct phases *p)
{
	AUTO_STRBUF struct strbuf files = STRBUF_INIT, bytes = STRBUF_INIT;
	uint64_t sent = 0, received = 0;

	host_traffic(job->host, &sent, &received);
	amount_add_things(&files, job->changed, "file", "files");
	amount_add_size(&bytes, sent);
	phases_done(p, "%s changed, %s sent", files.buf, bytes.buf);
}

/* The phases of the server, as they end there. */
static void show_phase(void *ctx, struct phases *p, const char *name,
		       const char *rest)
{
	struct release_job *job = ctx;

	/* An agent that has not answered yet has done nothing. */
	if (!job->host)
		return;
	phases_rename(p, name);
	if (!strcmp(name, "ship"))
		show_ship(job, p);
	else if (!strcmp(name, "link") && !strncmp(rest, "0 ", 2))
		phases_skip(p);
	else
		phases_done(p, "%s", rest);
	phases_start(p, "work");
}

static void show_prepared(struct release_job *job, struct phases *p)
{
	AUTO_STRBUF struct strbuf free_space = STRBUF_INIT;
	const char *live = release_live_version(job);

	amount_add_size(&free_space, job->view.free_bytes);
	phases_done(p, "%s%s, %s free", *live ? live : "nothing", " is live",
		    free_space.buf);
}

static void show_built(struct release_job *job, struct phases *p)
{
	AUTO_STRBUF struct strbuf files = STRBUF_INIT, size = STRBUF_INIT;
	char id[8];

	git_oid_tostr(id, sizeof(id), &job->package.id);
	amount_add_things(&files, job->manifest.nr, "file", "files");
	amount_add_size(&size, job->size);
	phases_done(p, "package %s%s%s, %s, %s", id,
		    job->package_from ? " from " : "",
		    job->package_from ? job->package_from : "", files.buf,
		    size.buf);
	for (size_t i = 0; i < job->build.warnings.nr; i++)
		report_warning("%s", job->build.warnings.v[i]);
}

static bool stopped_by_edits(const struct release_job *job)
{
	return !job->id && job->edits.nr && !job->options.discard_edits;
}

/* In the live release, as the guard has found them: "M path". */
static void add_edits(const struct release_job *job, json_t *doc)
{
	const struct edit_report *r = &job->edits;
	json_t *list = json_array();

	for (size_t i = 0; i < r->paths.nr; i++)
		cmd_text_change_json(list, *r->paths.v[i], r->paths.v[i] + 2);
	json_object_set_new(doc, "server_edits",
			    r->compared ? json_integer((json_int_t)r->nr)
					: json_null());
	json_object_set_new(doc, "server_edited", list);
}

static void print_json(const struct release_job *job, uint64_t ms)
{
	AUTO_JSON json_t *doc = json_object();
	char hex[OID_HEXSZ + 1];

	cmd_text_json(doc, "environment", job->session.env.name);
	cmd_text_json(doc, "version", job->package.version);
	cmd_text_json(doc, "tag", job->package.tag);
	git_oid_tostr(hex, sizeof(hex), &job->package.commit);
	json_object_set_new(doc, "commit", json_string(hex));
	git_oid_tostr(hex, sizeof(hex), &job->package.id);
	json_object_set_new(doc, "package", json_string(hex));
	cmd_text_json(doc, "release",
		      stopped_by_edits(job) ? NULL
		      : job->id		    ? job->id
					    : job->view.live);
	cmd_text_json(doc, "previous", job->view.live);
	json_object_set_new(doc, "already_live",
			    json_boolean(job->is_live && !job->unproven));
	json_object_set_new(doc, "files",
			    json_integer((json_int_t)job->manifest.nr));
	json_object_set_new(doc, "files_changed",
			    json_integer((json_int_t)job->changed));
	json_object_set_new(doc, "bytes", json_integer((json_int_t)job->size));
	json_object_set_new(doc, "bytes_sent",
			    json_integer((json_int_t)job->sent));
	json_object_set_new(doc, "milliseconds", json_integer((json_int_t)ms));
	add_edits(job, doc);
	json_out_print(doc, stdout);
}

static void print_edits(const struct release_job *job)
{
	const struct cmd_text_paths how = {
		.config = &job->session.config,
		.indent = "  ",
	};
	const struct edit_report *r = &job->edits;

	for (size_t i = 0; i < r->paths.nr; i++)
		cmd_text_change(&how, *r->paths.v[i], r->paths.v[i] + 2);
	if (r->nr > r->paths.nr)
		printf("  and %" PRIu64 " more\n", r->nr - r->paths.nr);
}

static void say_done(struct release_job *job, struct phases *p)
{
	const struct host_release *live = host_view_live(&job->view);
	AUTO_STRBUF struct strbuf took = STRBUF_INIT;

	phases_elapsed(p, &took);
	phases_say(p, "Released %s to %s in %s%s", job->package.tag,
		   job->session.env.name, took.buf,
		   live ? "; roll back with: git release rollback" : "");
}

static int plan_for_edits(struct release_job *job, struct phases *p,
			  struct err *err)
{
	const struct host_release *live = host_view_live(&job->view);
	AUTO_STRBUF struct strbuf files = STRBUF_INIT;
	const struct edit_report *r = &job->edits;
	bool unread = false;

	for (size_t i = 0; i < job->warnings.nr; i++)
		report_warning("%s", job->warnings.v[i]);
	if (live && live->foreign)
		phases_say(p,
			   "  release %s was not made by git release: what was "
			   "edited there is not looked for",
			   live->id);
	if (!r->nr)
		return 0;
	amount_add_things(&files, r->nr, "server edit", "server edits");
	phases_start(p, "guard");
	phases_done(p, "would %s %s",
		    job->options.discard_edits ? "discard" : "stop because of",
		    files.buf);
	if (job->options.discard_edits)
		return 0;
	for (size_t i = 0; i < r->paths.nr; i++)
		unread |= *r->paths.v[i] == '?';
	err_set(err, ERR_REFUSED, "%" PRIu64 " file%s edited on the server%s",
		r->nr, r->nr == 1 ? " was" : "s were",
		unread ? ", or cannot be read there" : "");
	return err_hint(err,
			"capture them with git serversync %s, or release over "
			"them with --discard-server-edits",
			job->session.env.name);
}

/* What a dry run would do, phase by phase; it changes nothing anywhere. */
static int show_plan(struct release_job *job, struct phases *p, struct err *err)
{
	const struct environment *env = &job->session.env;
	static const char *const names[] = { "pre", "mid", "post" };
	static const enum hook_point points[] = { HOOK_PRE, HOOK_MID, HOOK_POST };
	AUTO_STRBUF struct strbuf files = STRBUF_INIT;

	if (job->is_live) {
		phases_say(p, "%s is live on %s already", job->package.tag,
			   env->name);
		return 0;
	}
	if (edit_look(job, err) < 0 || plan_for_edits(job, p, err) < 0)
		return err->code;
	amount_add_things(&files, job->changed, "file", "files");
	phases_start(p, "ship");
	phases_done(p, "would send %s", files.buf);
	for (size_t i = 0; i < env->nr_shared; i++) {
		phases_start(p, "link");
		phases_done(p, "would link shared/%s", env->shared[i].path);
	}
	for (size_t k = 0; k < ARRAY_SIZE(points); k++) {
		for (size_t i = 0; i < env->hooks[points[k]].nr; i++) {
			phases_start(p, names[k]);
			phases_done(p, "would run: %s",
				    env->hooks[points[k]].v[i].command);
		}
		if (points[k] != HOOK_MID)
			continue;
		phases_start(p, "activate");
		phases_done(p, "would switch current");
	}
	return 0;
}

static int decide(struct release_job *job, struct phases *p, struct err *err)
{
	int ret = 0;

	if (!job->unproven) {
		phases_start(p, "ship");
		ret = release_ship(job, err);
	}
	return ret < 0 ? ret : release_activate(job, err);
}

static int run(struct release_job *job, struct phases *p, struct err *err)
{
	char id[8];

	if (release_check(job, err) < 0)
		return err->code;
	git_oid_tostr(id, sizeof(id), &job->session.tag.commit);
	phases_say(p, "Releasing %s (%s) to %s (%s)", job->session.tag.name, id,
		   job->session.env.name, job->session.server.place);
	phases_start(p, "prepare");
	if (release_prepare(job, err) < 0)
		return err->code;
	show_prepared(job, p);
	phases_start(p, "build");
	if (release_build(job, err) < 0)
		return err->code;
	show_built(job, p);
	if (job->options.dry_run)
		return show_plan(job, p, err);
	if (job->is_live && !job->unproven) {
		phases_say(p, "%s is live on %s already", job->package.tag,
			   job->session.env.name);
		return 0;
	}
	if (decide(job, p, err) < 0) {
		release_record(job, err);
		return err->code;
	}
	phases_start(p, "record");
	release_record(job, NULL);
	phases_skip(p);
	for (size_t i = 0; i < job->warnings.nr; i++)
		report_warning("%s", job->warnings.v[i]);
	say_done(job, p);
	return 0;
}

static void show_output(void *ctx, const char *data, size_t len)
{
	struct cmd_listener *l = ctx;

	phases_output(l->phases, data, len);
}

static void show_verbose(void *ctx, const char *line)
{
	struct cmd_listener *l = ctx;

	if (l->verbosity > 0)
		phases_say(l->phases, "%s", line);
}

/* "git release --to staging rollback": no tag is meant. */
static bool is_verb(const char *word)
{
	for (const char *const *v = release_verbs(); *v; v++)
		if (!strcmp(*v, word))
			return true;
	return false;
}

int cmd_release(int argc, char **argv)
{
	AUTO_RELEASE_JOB struct release_job job = RELEASE_JOB_INIT;
	struct release_options *o = &job.options;
	const char *wait = NULL;
	int verbosity = 0;
	bool json = false;
	const struct opt options[] = {
		OPT_STRING(0, "to", &o->to, "env", "the environment"),
		OPT_BOOL('n', "dry-run", &o->dry_run,
			 "show what would be done, do nothing"),
		OPT_BOOL(0, "again", &o->again,
			 "make a new release of what is live"),
		OPT_BOOL(0, "rebuild", &o->rebuild,
			 "build anew although there is a package"),
		OPT_BOOL(0, "allow-older", &o->allow_older,
			 "release what is older than what is live"),
		OPT_BOOL(0, "discard-server-edits", &o->discard_edits,
			 "release over what was edited on the server"),
		OPT_OPTIONAL(0, "wait", &wait, "time", "1h",
			     "wait while another run holds the lock"),
		OPT_BOOL(0, "no-sync", &o->no_sync,
			 "neither fetch nor push packages and records"),
		OPT_BOOL(0, "json", &json, "print the result as JSON"),
		OPT_VERBOSITY(&verbosity),
		OPT_SOON("no-cache"),
		OPT_SOON("plan-file"),
		OPT_SOON("reason"),
		OPT_SOON("skip-gate"),
		OPT_END()
	};
	AUTO_ERR struct err err = ERR_INIT;
	struct phases phases;
	struct cmd_listener listener;
	enum opts_result parsed;
	int ret;

	parsed = opts_parse(&argc, argv, options, release_usage);
	if (parsed)
		return opts_exit_status(parsed);
	if (argc != 1)
		return opts_usage_error(release_usage, options,
					argc ? "one version at a time"
					     : "which version?");
	if (is_verb(argv[0])) {
		report_error("the command comes before its options: "
			     "git release %s ...",
			     argv[0]);
		return OPTS_USAGE;
	}
	if (wait_option_parse(wait, &o->wait_ms, &err) < 0 ||
	    signals_catch(&err) < 0)
		return report_failure(&err);
	o->version = argv[0];
	phases_init(&phases, json ? stderr : stdout, verbosity);
	cmd_listener_init(&listener, &phases, verbosity);
	listener.phase = show_phase;
	listener.ctx = &job;
	o->listener = &listener.listener;
	o->output = show_output;
	o->verbose = show_verbose;
	o->ctx = &listener;
	ret = run(&job, &phases, &err);
	if (ret < 0 && phases.name)
		phases_skip(&phases);
	if (!json && verbosity >= 0 && stopped_by_edits(&job))
		print_edits(&job);
	if (json && (!ret || stopped_by_edits(&job)))
		print_json(&job, (uint64_t)(phases.now() - phases.begun));
	phases_release(&phases);
	/* Which signal it was, the agent cannot know. */
	if (err.code == ERR_INTERRUPTED && signals_pending())
		err.code = signals_pending();
	return ret < 0 ? report_failure(&err) : 0;
}
