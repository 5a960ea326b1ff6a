#include "common/base/base.h"
#include "common/sys/clock.h"
#include "common/ui/amount.h"
#include "common/ui/json_out.h"
#include "common/ui/opts.h"
#include "common/ui/pager.h"
#include "common/ui/report.h"
#include "common/ui/table.h"
#include "git-release/cmd_text.h"
#include "git-release/package_facts.h"
#include "git-release/release.h"
#include "git-release/session.h"

static const char *const usage[] = {
	"git release show [--json] <version>", "",
	"shows what a package is made of and where it is live, as far as this",
	"repository knows; no server is asked", NULL
};

static void add_event(struct table *t, const char *text)
{
	AUTO_JSON json_t *line = json_loads(text, 0, NULL);
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	static const char *const keys[] = { "at",      "what", "environment",
					    "release", "who",  "reason" };

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *value =
			json_string_value(json_object_get(line, keys[i]));

		if (value)
			strbuf_addf(&out, "%s%s", out.len ? " " : "", value);
	}
	/* Somebody may have written a note of his own. */
	table_row(t, "event", out.len ? out.buf : text, NULL);
}

static void print_text(const struct package_facts *f)
{
	AUTO_STRBUF struct strbuf files = STRBUF_INIT, size = STRBUF_INIT;
	AUTO_TABLE struct table t = TABLE_INIT;
	char hex[GIT_OID_HEXSZ + 1], at[CLOCK_STAMP_SIZE];

	git_oid_tostr(hex, sizeof(hex), &f->package.id);
	table_row(&t, "package", hex, NULL);
	table_row(&t, "tag", f->package.tag, NULL);
	git_oid_tostr(hex, sizeof(hex), &f->package.tree);
	table_row(&t, "tree", hex, NULL);
	git_oid_tostr(hex, sizeof(hex), &f->package.commit);
	table_row(&t, "commit", hex, NULL);
	table_row(&t, "tagger", f->tagger, NULL);
	clock_stamp((time_t)f->tagged_at, at);
	table_row(&t, "tagged", at, NULL);
	amount_add_count(&files, f->files);
	amount_add_size(&size, f->bytes);
	table_row(&t, "files", files.buf, NULL);
	table_row(&t, "size", size.buf, NULL);
	for (size_t i = 0; i < f->trailers.nr; i++)
		table_row(&t, "trailer", f->trailers.v[i], NULL);
	for (size_t i = 0; i < f->live_on.nr; i++)
		table_row(&t, "live on", f->live_on.v[i], NULL);
	for (size_t i = 0; i < f->notes.nr; i++)
		add_event(&t, f->notes.v[i]);
	table_print(&t, stdout);
}

static json_t *texts(const struct strvec *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->nr; i++)
		json_array_append_new(array, json_out_text(list->v[i],
							   strlen(list->v[i])));
	return array;
}

static void print_json(const struct package_facts *f)
{
	AUTO_JSON json_t *doc = json_object();
	char hex[GIT_OID_HEXSZ + 1], at[CLOCK_STAMP_SIZE];
	json_t *events = json_array();

	git_oid_tostr(hex, sizeof(hex), &f->package.id);
	cmd_text_json(doc, "package", hex);
	cmd_text_json(doc, "tag", f->package.tag);
	cmd_text_json(doc, "version", f->package.version);
	cmd_text_json(doc, "build", f->package.build);
	git_oid_tostr(hex, sizeof(hex), &f->package.tree);
	cmd_text_json(doc, "tree", hex);
	git_oid_tostr(hex, sizeof(hex), &f->package.commit);
	cmd_text_json(doc, "commit", hex);
	cmd_text_json(doc, "tagger", f->tagger);
	clock_stamp((time_t)f->tagged_at, at);
	cmd_text_json(doc, "tagged", at);
	json_object_set_new(doc, "files", json_integer((json_int_t)f->files));
	json_object_set_new(doc, "bytes", json_integer((json_int_t)f->bytes));
	json_object_set_new(doc, "trailers", texts(&f->trailers));
	json_object_set_new(doc, "live_on", texts(&f->live_on));
	for (size_t i = 0; i < f->notes.nr; i++) {
		json_t *line = json_loads(f->notes.v[i], 0, NULL);

		if (line)
			json_array_append_new(events, line);
	}
	json_object_set_new(doc, "events", events);
	json_out_print(doc, stdout);
}

static int find(struct session *s, const char *version,
		struct package_facts *facts, struct err *err)
{
	AUTO_STRBUF struct strbuf tag = STRBUF_INIT;

	if (session_open(s, err) < 0 || session_work_tree_settings(s, err) < 0 ||
	    settings_build(&s->settings, &s->build, err) < 0 ||
	    version_tag_name(version, s->build.tag_prefix, &tag, err) < 0)
		return err->code;
	return package_facts_find(s->repo, tag.buf, facts, err);
}

int cmd_show(int argc, char **argv)
{
	AUTO_PACKAGE_FACTS struct package_facts facts = PACKAGE_FACTS_INIT;
	AUTO_SESSION struct session session = { 0 };
	AUTO_ERR struct err err = ERR_INIT;
	AUTO_PAGER struct pager pager = PAGER_INIT;
	bool json = false;
	const struct opt options[] = {
		OPT_BOOL(0, "json", &json, "print the result as JSON"), OPT_END()
	};
	enum opts_result parsed = opts_parse(&argc, argv, options, usage);

	if (parsed)
		return opts_exit_status(parsed);
	if (argc != 1)
		return opts_usage_error(usage, options,
					argc ? "one version at a time"
					     : "which version?");
	if (find(&session, argv[0], &facts, &err) < 0)
		return report_failure(&err);
	if (json) {
		print_json(&facts);
		return 0;
	}
	pager_start(&pager, config_get(&session.config, "core", NULL, "pager"));
	print_text(&facts);
	return 0;
}
