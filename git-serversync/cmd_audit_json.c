#include "common/base/base.h"
#include "git-serversync/cmd_audit.h"

#include "common/ui/json_out.h"

static json_t *text_json(const char *text)
{
	return text ? json_out_text(text, strlen(text)) : json_null();
}

static json_t *line_json(unsigned int line)
{
	return line ? json_integer((json_int_t)line) : json_null();
}

/* "flag" is what is told of each path; NULL while nothing is known. */
static json_t *paths_json(const struct audited_paths *paths, const char *name,
			  const bool *flag)
{
	json_t *list = json_array();

	for (size_t i = 0; i < paths->nr; i++) {
		const struct audited_path *path = &paths->v[i];
		json_t *one = json_object();

		json_object_set_new(one, "path", text_json(path->path));
		json_object_set_new(one, "file", text_json(path->file));
		json_object_set_new(one, "line", line_json(path->line));
		json_object_set_new(one, name,
				    flag ? json_boolean(flag[i]) : json_null());
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *gap_json(const struct audit_gap *gap)
{
	json_t *one;

	if (!gap->why.len)
		return json_null();
	one = json_object();
	json_object_set_new(one, "file", text_json(gap->file));
	json_object_set_new(one, "line", line_json(gap->line));
	json_object_set_new(one, "why", text_json(gap->why.buf));
	return one;
}

json_t *cmd_audit_json(const struct serversync_settings *settings,
		       const struct symmetry_audit *a)
{
	static const char *const verdicts[] = {
		[AUDIT_OK] = "ok",
		[AUDIT_STOP] = "stop",
		[AUDIT_UNPROVEN] = "unproven",
		[AUDIT_NOTHING] = "nothing",
	};
	json_t *doc = json_object();

	json_object_set_new(doc, "environment", text_json(settings->environment));
	json_object_set_new(doc, "verdict", json_string(verdicts[a->verdict]));
	json_object_set_new(doc, "cleared_by", text_json(a->cleared_by));
	json_object_set_new(doc, "protected_by", text_json(a->protected_by));
	json_object_set_new(doc, "cleared",
			    paths_json(&a->cleared.paths, "protected",
				       a->is_protected));
	json_object_set_new(doc, "protected",
			    paths_json(&a->kept, "cleared", a->is_cleared));
	json_object_set_new(doc, "gap", gap_json(&a->gap));
	return doc;
}
