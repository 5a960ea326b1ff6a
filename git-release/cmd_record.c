#include "common/base/base.h"
#include "common/sys/signals.h"
#include "common/ui/colour.h"
#include "common/ui/json_out.h"
#include "common/ui/opts.h"
#include "common/ui/report.h"
#include "common/ui/screen.h"
#include "git-release/cmd_text.h"
#include "git-release/record_job.h"
#include "git-release/release.h"

static const char *const usage[] = {
	"git release record [--date <date>] [--commit [-m <message>]] [-n]",
	"                   [--json] <version>",
	"",
	"makes what is unreleased in the CHANGELOG the section of a",
	"version, and says on the project card that it is current",
	NULL
};

static int add_line(const git_diff_delta *delta, const git_diff_hunk *hunk,
		    const git_diff_line *line, void *payload)
{
	const bool *coloured = payload;
	AUTO_STRBUF struct strbuf safe = STRBUF_INIT;
	enum colour c = line->origin == '+'   ? COLOUR_GOOD
			: line->origin == '-' ? COLOUR_BAD
					      : COLOUR_RESET;
	bool own = strchr("+- ", line->origin) != NULL;
	bool on = *coloured && c != COLOUR_RESET;

	(void)delta;
	(void)hunk;
	if (own)
		strbuf_addch(&safe, line->origin);
	screen_add_safe(&safe, line->content, line->content_len);
	if (safe.len && safe.buf[safe.len - 1] == '\n')
		strbuf_setlen(&safe, safe.len - 1);
	printf("%s%s%s\n", colour_code(on, c), safe.buf,
	       colour_code(on, COLOUR_RESET));
	return 0;
}

static int print_diff(const struct record_job *job, struct err *err)
{
	bool coloured = colour_wanted(&(struct colour_env){
		.setting = config_get(&job->session.config, "color", NULL, "ui"),
		.tty = isatty(STDOUT_FILENO),
	});

	for (int i = 0; i < RECORD_PARTS; i++) {
		const struct record_file *f = &job->files[i];
		git_patch *patch = NULL;
		int ret;

		if (!f->changed)
			continue;
		ret = git_patch_from_buffers(&patch, f->before.buf,
					     f->before.len, f->path, f->after.buf,
					     f->after.len, f->path, NULL);
		if (!ret)
			ret = git_patch_print(patch, add_line, &coloured);
		git_patch_free(patch);
		if (ret < 0)
			return err_git(err, ERR_FAILED, "cannot compare '%s'",
				       f->path);
	}
	return 0;
}

static void print_card(const struct record_job *job)
{
	const char *path = job->files[RECORD_CARD].path;

	for (size_t i = 0; path && i < job->nr_fields; i++)
		if (job->fields[i].before)
			printf("%s: %s: %s\n", path, job->fields[i].name,
			       job->fields[i].value);
}

static void print_text(const struct record_job *job)
{
	const struct record_file *changelog = &job->files[RECORD_CHANGELOG];

	if (changelog->changed)
		printf("%s: %s\n", changelog->path, job->outcome.heading.buf);
	print_card(job);
	if (job->committed)
		printf("Committed as %.7s\n", git_oid_tostr_s(&job->commit));
	else if (!changelog->changed && !job->files[RECORD_CARD].changed)
		printf("%s is recorded already\n", job->name);
}

static json_t *card_json(const struct record_job *job)
{
	const struct record_file *card = &job->files[RECORD_CARD];
	json_t *doc, *list;

	if (!card->path)
		return json_null();
	doc = json_object();
	list = json_array();
	cmd_text_json(doc, "path", card->path);
	json_object_set_new(doc, "changed", json_boolean(card->changed));
	for (size_t i = 0; i < job->nr_fields; i++) {
		const struct record_field *f = &job->fields[i];
		json_t *one = json_object();

		cmd_text_json(one, "name", f->name);
		cmd_text_json(one, "value", f->value);
		cmd_text_json(one, "before", f->before);
		json_object_set_new(one, "found", json_boolean(f->found));
		json_array_append_new(list, one);
	}
	json_object_set_new(doc, "fields", list);
	return doc;
}

static void print_json(const struct record_job *job)
{
	const struct record_file *file = &job->files[RECORD_CHANGELOG];
	AUTO_JSON json_t *doc = json_object();
	json_t *changelog = json_object();

	cmd_text_json(doc, "tag", job->name);
	cmd_text_json(doc, "version",
		      job->name + strlen(job->session.build.tag_prefix));
	cmd_text_json(doc, "date", job->date);
	cmd_text_json(changelog, "path", file->path);
	json_object_set_new(changelog, "changed", json_boolean(file->changed));
	cmd_text_json(changelog, "heading", job->outcome.heading.buf);
	json_object_set_new(doc, "changelog", changelog);
	json_object_set_new(doc, "card", card_json(job));
	cmd_text_json(doc, "commit",
		      job->committed ? git_oid_tostr_s(&job->commit) : NULL);
	json_object_set_new(doc, "dry_run", json_boolean(job->options.dry_run));
	json_out_print(doc, stdout);
}

static int run(struct record_job *job, struct err *err)
{
	int ret = record_job_find(job, err);

	for (size_t i = 0; !ret && i < job->warnings.nr; i++)
		report_warning("%s", job->warnings.v[i]);
	return ret < 0 || job->options.dry_run ? ret : record_job_write(job, err);
}

int cmd_record(int argc, char **argv)
{
	AUTO_RECORD_JOB struct record_job job;
	struct record_options *o = &job.options;
	AUTO_ERR struct err err = ERR_INIT;
	bool json = false;
	int verbosity = 0;
	const struct opt options[] = {
		OPT_STRING(0, "date", &o->date, "date",
			   "as yyyy-mm-dd; the tag's without it"),
		OPT_BOOL(0, "commit", &o->commit,
			 "commit these files, and nothing else"),
		OPT_STRING('m', "message", &o->message, "message",
			   "the message of the commit"),
		OPT_BOOL('n', "dry-run", &o->dry_run,
			 "show the changes and make none"),
		OPT_BOOL(0, "json", &json, "print the result as JSON"),
		OPT_VERBOSITY(&verbosity),
		OPT_END()
	};
	enum opts_result parsed;

	record_job_init(&job);
	parsed = opts_parse(&argc, argv, options, usage);
	if (parsed)
		return opts_exit_status(parsed);
	if (argc != 1)
		return opts_usage_error(usage, options,
					argc ? "one version at a time"
					     : "which version?");
	o->version = argv[0];
	if (signals_catch(&err) < 0 || run(&job, &err) < 0)
		return report_failure(&err);
	if (json)
		print_json(&job);
	else if (o->dry_run && print_diff(&job, &err) < 0)
		return report_failure(&err);
	else if (!o->dry_run && verbosity >= 0)
		print_text(&job);
	return 0;
}
