#include "common/base/base.h"
#include "git-drift/cmd_predict.h"

#include "common/text/quote.h"
#include "common/text/similarity.h"
#include "common/ui/amount.h"
#include "common/ui/json_out.h"
#include "common/ui/table.h"
#include "git-drift/cmd_json.h"

/* "ours 12-15", "ours 12", "ours behind 11" where there are no lines. */
static void add_range(struct strbuf *out, const char *who, uint32_t start,
		      uint32_t nr)
{
	strbuf_addf(out, "%s ", who);
	if (!nr)
		strbuf_addf(out, "behind %u", start);
	else if (nr == 1)
		strbuf_addf(out, "%u", start + 1);
	else
		strbuf_addf(out, "%u-%u", start + 1, start + nr);
}

static void add_places(struct table *t, const struct forecast *f)
{
	for (size_t i = 0; i < f->nr_clashes; i++) {
		const struct clash *c = &f->clashes[i];
		AUTO_STRBUF struct strbuf line = STRBUF_INIT;

		add_range(&line, "  lines: ours", c->ours_start, c->ours_nr);
		add_range(&line, ", vendor", c->theirs_start, c->theirs_nr);
		add_range(&line, ", baseline", c->base_start, c->base_nr);
		table_row(t, "", line.buf, NULL);
	}
}

static void add_remark(const struct forecast *f, struct strbuf *out)
{
	if (f->nr_clashes)
		amount_add_things(out, f->nr_clashes, "place", "places");
	else if (f->why)
		strbuf_addstr(out, f->why);
	else if (f->changes) {
		amount_add_things(out, f->changes, "change", "changes");
		strbuf_addstr(out, " of ours");
	}
	if (f->custom)
		strbuf_addf(out, "%sin a custom directory", out->len ? ", " : "");
}

static void add_name(const struct forecast *f, bool quote_high, struct strbuf *out)
{
	quote_path(out, f->path, strlen(f->path), quote_high);
	if (!f->new_path)
		return;
	strbuf_addstr(out, " -> ");
	quote_path(out, f->new_path, strlen(f->new_path), quote_high);
	strbuf_addf(out, " (%u%%)", similarity_percent(f->score));
}

static void add_row(struct table *t, const struct forecast *f, bool quote_high)
{
	AUTO_STRBUF struct strbuf name = STRBUF_INIT, remark = STRBUF_INIT;

	add_name(f, quote_high, &name);
	add_remark(f, &remark);
	table_row(t, fate_name(f->fate), name.buf, NULL);
	if (remark.len)
		table_cell(t, remark.buf);
	if (fate_needs_decision(f->fate))
		table_colour(t, COLOUR_BAD);
	add_places(t, f);
}

static bool shown(const struct forecast *f, bool all)
{
	return all || (f->fate != FATE_VENDOR_ONLY && f->fate != FATE_OURS_ONLY &&
		       f->fate != FATE_ALREADY_UPSTREAM);
}

static void print_sum(const struct prediction *p)
{
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;
	size_t merged = p->count[FATE_BOTH] + p->count[FATE_RENAMED_UPSTREAM] +
			p->count[FATE_RENAMED_HERE];

	amount_add_part(&line, merged, merged == 1 ? "merges" : "merge");
	amount_add_part(&line, p->count[FATE_OURS_ONLY], "ours only");
	amount_add_part(&line, p->count[FATE_ALREADY_UPSTREAM],
			"already upstream");
	amount_add_part(&line, p->count[FATE_VENDOR_ONLY], "vendor only");
	printf("%s\n", line.len ? line.buf : "nothing differs");
	strbuf_reset(&line);
	if (!p->decisions) {
		printf("Nothing to decide: it merges by itself\n");
		return;
	}
	amount_add_things(&line, p->decisions, "file needs a decision, at ",
			  "files need a decision, at ");
	amount_add_things(&line, p->clashes, "place", "places");
	printf("%s: about %zu minutes\n", line.buf, prediction_minutes(p));
}

void cmd_predict_print(const struct predict_view *v)
{
	AUTO_TABLE struct table t = { .colour = v->colour };
	const struct prediction *p = v->prediction;

	for (size_t i = 0; i < p->nr && !v->quiet; i++)
		if (shown(&p->v[i], v->all))
			add_row(&t, &p->v[i], v->quote_path);
	table_print(&t, stdout);
	print_sum(p);
}

static json_t *range_json(uint32_t start, uint32_t nr)
{
	json_t *one = json_object();

	json_object_set_new(one, "line", cmd_json_number(start + (nr ? 1 : 0)));
	json_object_set_new(one, "lines", cmd_json_number(nr));
	return one;
}

static json_t *clash_json(const struct clash *c)
{
	json_t *one = json_object();

	json_object_set_new(one, "baseline",
			    range_json(c->base_start, c->base_nr));
	json_object_set_new(one, "ours", range_json(c->ours_start, c->ours_nr));
	json_object_set_new(one, "vendor",
			    range_json(c->theirs_start, c->theirs_nr));
	return one;
}

static json_t *file_json(const struct forecast *f)
{
	json_t *one = json_object(), *places = json_array();

	for (size_t i = 0; i < f->nr_clashes; i++)
		json_array_append_new(places, clash_json(&f->clashes[i]));
	json_object_set_new(one, "path", cmd_json_text(f->path));
	json_object_set_new(one, "fate", json_string(fate_key(f->fate)));
	json_object_set_new(one, "decide",
			    json_boolean(fate_needs_decision(f->fate)));
	json_object_set_new(one, "new_path", cmd_json_text(f->new_path));
	json_object_set_new(
		one, "similarity",
		f->new_path ? cmd_json_number(similarity_percent(f->score))
			    : json_null());
	json_object_set_new(one, "why", cmd_json_text(f->why));
	json_object_set_new(one, "custom", cmd_json_text(f->custom));
	json_object_set_new(one, "changes", cmd_json_number(f->changes));
	json_object_set_new(one, "places", places);
	return one;
}

void cmd_predict_json(const struct predict_view *v)
{
	const struct prediction *p = v->prediction;
	AUTO_JSON json_t *doc = json_object();
	json_t *counts = json_object(), *files = json_array();

	json_object_set_new(doc, "baseline", cmd_json_side(v->base));
	json_object_set_new(doc, "ours", cmd_json_side(v->ours));
	json_object_set_new(doc, "vendor", cmd_json_side(v->vendor));
	json_object_set_new(doc, "decisions", cmd_json_number(p->decisions));
	json_object_set_new(doc, "places", cmd_json_number(p->clashes));
	json_object_set_new(doc, "minutes",
			    cmd_json_number(prediction_minutes(p)));
	json_object_set_new(doc, "renames_limited",
			    json_boolean(p->renames_limited));
	for (int i = 0; i < FATE_NR; i++)
		json_object_set_new(counts, fate_key((enum fate)i),
				    cmd_json_number(p->count[i]));
	json_object_set_new(doc, "counts", counts);
	for (size_t i = 0; i < p->nr; i++)
		json_array_append_new(files, file_json(&p->v[i]));
	json_object_set_new(doc, "files", files);
	json_out_print(doc, stdout);
}
