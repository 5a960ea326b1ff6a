#include "common/base/base.h"
#include "git-drift/cmd_delta.h"

#include "common/text/quote.h"
#include "common/ui/json_out.h"
#include "common/ui/pager.h"
#include "common/ui/report.h"
#include "git-drift/drift_page.h"
#include "git-drift/output_file.h"

/* What is being shown. */
struct view {
	const struct cmd_delta *how;
	const struct drift_session *s;
	const struct delta_sides *sides;
	struct drift_list list;
};

static bool page_is_the_result(const struct cmd_delta *how)
{
	return how->html && !*how->html;
}

static int find(struct view *v, struct err *err)
{
	const struct cmd_delta *how = v->how;
	bool limited = false;

	repo_trust_objects();
	v->list.old_tree = v->sides->old.tree;
	v->list.new_tree = v->sides->new.tree;
	if (drift_list_find(&v->list, v->s->repo, &v->s->settings, err) < 0)
		return err->code;
	if (how->renames &&
	    drift_list_find_renames(&v->list, v->s->repo, &limited, err) < 0)
		return err->code;
	if (limited)
		report_warning("so many files were added and deleted that only "
			       "renames without a change are told");
	if (!how->stat && !how->json && !how->html)
		return 0;
	return drift_list_count_lines(&v->list, v->s->repo, err);
}

static void add_json(const struct view *v, struct strbuf *out)
{
	AUTO_JSON json_t *doc =
		cmd_delta_json(&v->list, &v->s->settings, v->sides);

	json_out_add(doc, out);
}

static int add_page(const struct view *v, struct strbuf *out, struct err *err)
{
	const struct drift_page page = {
		.repo = v->s->repo,
		.list = &v->list,
		.old_name = v->sides->old.name,
		.new_name = v->sides->new.name,
		.is_drift = v->sides->is_drift,
	};

	return drift_page_add(&page, out, err);
}

static int make_result(const struct view *v, struct strbuf *out, struct err *err)
{
	const struct drift_text text = { .nul = v->how->nul,
					 .quote_path = v->s->quote_path };

	if (page_is_the_result(v->how))
		return add_page(v, out, err);
	if (v->how->json)
		add_json(v, out);
	else
		drift_list_print(&v->list, &text, out);
	return 0;
}

/* The page of --html=<file>, besides the result. */
static int write_page(const struct view *v, struct err *err)
{
	AUTO_STRBUF struct strbuf page = STRBUF_INIT;

	if (!v->how->html || page_is_the_result(v->how))
		return 0;
	if (add_page(v, &page, err) < 0)
		return err->code;
	return output_file_write(v->how->html, &page, err);
}

/* A listing of lines, read by a person, may need a pager. */
static void print(const struct view *v, const struct strbuf *bytes)
{
	AUTO_PAGER struct pager pager = PAGER_INIT;

	if (!v->how->nul && !page_is_the_result(v->how))
		pager_start(&pager,
			    config_get(&v->s->config, "core", NULL, "pager"));
	fwrite(bytes->buf, 1, bytes->len, stdout);
	fflush(stdout);
}

static void print_path(const struct view *v, const char *path)
{
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;

	if (v->how->nul)
		strbuf_addstr(&line, path);
	else
		quote_path(&line, path, strlen(path), v->s->quote_path);
	strbuf_addch(&line, v->how->nul ? '\0' : '\n');
	fwrite(line.buf, 1, line.len, stdout);
}

static int write_configured(const struct view *v, const struct strbuf *bytes,
			    struct err *err)
{
	const char *pattern = v->s->settings.output;
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;

	if (!pattern) {
		err_set(err, ERR_FAILED, "drift.output is not set");
		return err_hint(err, "name the file: -o <file>");
	}
	if (output_file_place(pattern, v->sides->old.version, &path, err) < 0 ||
	    output_file_write_below(v->s->repo, path.buf, bytes, err) < 0)
		return err->code;
	print_path(v, path.buf);
	return 0;
}

static int write_named(const struct view *v, const char *path,
		       const struct strbuf *bytes, struct err *err)
{
	if (output_file_write(path, bytes, err) < 0)
		return err->code;
	print_path(v, path);
	return 0;
}

static int deliver(const struct view *v, struct err *err)
{
	const struct cmd_delta *how = v->how;
	AUTO_STRBUF struct strbuf result = STRBUF_INIT;
	int ret = make_result(v, &result, err);

	if (ret < 0 || (ret = write_page(v, err)) < 0)
		return ret;
	if (!how->output)
		print(v, &result);
	else if (!*how->output)
		ret = write_configured(v, &result, err);
	else
		ret = write_named(v, how->output, &result, err);
	return ret;
}

int cmd_delta_show(const struct cmd_delta *how, const struct drift_session *s,
		   const struct delta_sides *sides)
{
	struct view v = {
		.how = how, .s = s, .sides = sides, .list = DRIFT_LIST_INIT
	};
	AUTO_ERR struct err err = ERR_INIT;
	int status = 0;

	if (find(&v, &err) < 0 || deliver(&v, &err) < 0)
		status = report_failure(&err);
	else if (!how->quiet)
		cmd_delta_summary(&v.list, &s->settings, sides);
	if (!status && how->exit_code && v.list.nr)
		status = 1;
	drift_list_release(&v.list);
	return status;
}
