#include "common/base/base.h"
#include "git-drift/cmd_delta.h"

#include "common/text/quote.h"
#include "common/ui/amount.h"
#include "common/ui/json_out.h"
#include "common/ui/table.h"
#include "git-drift/cmd_json.h"

static void add_lines(const struct drift_totals *t, struct strbuf *out)
{
	strbuf_addstr(out, "+");
	amount_add_count(out, t->lines_added);
	strbuf_addstr(out, " -");
	amount_add_count(out, t->lines_removed);
	if (t->binary) {
		strbuf_addstr(out, ", ");
		amount_add_count(out, t->binary);
		strbuf_addstr(out, " without lines");
	}
}

static void add_counts(const struct drift_totals *t, struct strbuf *out)
{
	amount_add_part(out, t->added, "added");
	amount_add_part(out, t->modified, "modified");
	amount_add_part(out, t->deleted, "deleted");
	amount_add_part(out, t->type, "of another type");
	amount_add_part(out, t->renamed, "renamed");
}

static void add_row(struct table *t, const char *name,
		    const struct drift_list *list, const char *custom)
{
	AUTO_STRBUF struct strbuf counts = STRBUF_INIT, lines = STRBUF_INIT;
	struct drift_totals sum;

	drift_list_sum(list, custom, &sum);
	if (!drift_totals_nr(&sum))
		return;
	add_counts(&sum, &counts);
	table_row(t, name, counts.buf, NULL);
	if (!list->has_lines)
		return;
	add_lines(&sum, &lines);
	table_cell(t, lines.buf);
}

static void add_rows(struct table *t, const struct drift_list *list,
		     const struct strvec *paths)
{
	for (size_t i = 0; i < paths->nr; i++)
		add_row(t, paths->v[i], list, paths->v[i]);
}

static bool any_custom(const struct drift_list *list)
{
	for (size_t i = 0; i < list->nr; i++)
		if (list->v[i].custom)
			return true;
	return false;
}

void cmd_delta_summary(const struct drift_list *list,
		       const struct drift_settings *settings,
		       const struct delta_sides *sides)
{
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;
	AUTO_TABLE struct table t = { .indent = "  " };

	if (list->nr)
		amount_add_things(&line, list->nr, "file differs from ",
				  "files differ from ");
	else
		strbuf_addstr(&line, "No file differs from ");
	quote_text(&line, sides->old.name, strlen(sides->old.name));
	strbuf_addstr(&line, " in ");
	quote_text(&line, sides->new.name, strlen(sides->new.name));
	fprintf(stderr, "%s\n", line.buf);
	if (!sides->is_drift || !any_custom(list)) {
		add_row(&t, "all", list, NULL);
	} else {
		add_row(&t, "vendor's files", list, "");
		add_rows(&t, list, &settings->custom);
		add_rows(&t, list, &settings->customizations);
		add_row(&t, ".gitrelease", list, ".gitrelease");
	}
	table_print(&t, stderr);
}

static json_t *mode_json(uint32_t mode)
{
	char octal[12];

	if (!mode)
		return json_null();
	snprintf(octal, sizeof(octal), "%06o", mode);
	return json_string(octal);
}

static json_t *entry_json(const struct drift_entry *e)
{
	const struct tree_change *c = e->change, *old = e->from ? e->from : c;
	const char letter[] = { drift_entry_letter(e), '\0' };
	json_t *one = json_object();

	json_object_set_new(one, "status", json_string(letter));
	json_object_set_new(one, "path", cmd_json_text(c->path));
	json_object_set_new(one, "old_path",
			    cmd_json_text(e->from ? e->from->path : NULL));
	json_object_set_new(one, "similarity",
			    e->from ? cmd_json_number(e->score) : json_null());
	json_object_set_new(one, "old_mode", mode_json(old->old_mode));
	json_object_set_new(one, "new_mode", mode_json(c->new_mode));
	json_object_set_new(one, "old_id", cmd_json_id(&old->old_id));
	json_object_set_new(one, "new_id", cmd_json_id(&c->new_id));
	json_object_set_new(one, "custom", cmd_json_text(e->custom));
	json_object_set_new(one, "added",
			    e->binary ? json_null() : cmd_json_number(e->added));
	json_object_set_new(one, "removed",
			    e->binary ? json_null()
				      : cmd_json_number(e->removed));
	return one;
}

static json_t *totals_json(const struct drift_list *list, const char *custom)
{
	json_t *one = json_object();
	struct drift_totals t;

	drift_list_sum(list, custom, &t);
	if (custom && *custom)
		json_object_set_new(one, "path", cmd_json_text(custom));
	json_object_set_new(one, "files", cmd_json_number(drift_totals_nr(&t)));
	json_object_set_new(one, "added", cmd_json_number(t.added));
	json_object_set_new(one, "modified", cmd_json_number(t.modified));
	json_object_set_new(one, "deleted", cmd_json_number(t.deleted));
	json_object_set_new(one, "type_changed", cmd_json_number(t.type));
	json_object_set_new(one, "renamed", cmd_json_number(t.renamed));
	json_object_set_new(one, "binary", cmd_json_number(t.binary));
	json_object_set_new(one, "lines_added", cmd_json_number(t.lines_added));
	json_object_set_new(one, "lines_removed",
			    cmd_json_number(t.lines_removed));
	return one;
}

json_t *cmd_delta_json(const struct drift_list *list,
		       const struct drift_settings *settings,
		       const struct delta_sides *sides)
{
	json_t *doc = json_object(), *changes = json_array();
	json_t *custom = json_array();

	json_object_set_new(doc, "old", cmd_json_side(&sides->old));
	json_object_set_new(doc, "new", cmd_json_side(&sides->new));
	json_object_set_new(doc, "totals", totals_json(list, NULL));
	json_object_set_new(doc, "vendor", totals_json(list, ""));
	for (size_t i = 0; i < settings->custom.nr; i++)
		json_array_append_new(custom,
				      totals_json(list, settings->custom.v[i]));
	json_object_set_new(doc, "custom", custom);
	for (size_t i = 0; i < list->nr; i++)
		json_array_append_new(changes, entry_json(&list->v[i]));
	json_object_set_new(doc, "changes", changes);
	return doc;
}
