#include "common/base/base.h"
#include "git-drift/cmd_check.h"

#include "common/ui/program.h"
#include "git-drift/cmd_json.h"

#define SARIF_SCHEMA                                                           \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"  \
	"sarif-schema-2.1.0.json"
/* The name that code hosts know the top of the work tree by. */
#define SARIF_TOP "%SRCROOT%"

static const char *level_of(enum drift_rule rule)
{
	return drift_rules[rule].note ? "note" : "error";
}

static json_t *change_json(const struct drift_check *c, size_t i)
{
	static const char *const verdicts[DRIFT_VERDICTS] = {
		[DRIFT_UNEXPLAINED] = "unexplained",
		[DRIFT_CUSTOM] = "custom",
		[DRIFT_RECORDED] = "recorded",
		[DRIFT_COVERED] = "covered",
	};
	const struct tree_change *change = &c->delta.v[i];
	const char status[] = { change->status, '\0' };
	json_t *one = json_object();

	json_object_set_new(one, "status", json_string(status));
	json_object_set_new(one, "path", cmd_json_text(change->path));
	json_object_set_new(one, "verdict",
			    json_string(verdicts[c->verdicts[i]]));
	return one;
}

static json_t *finding_json(const struct drift_finding *f)
{
	json_t *one = json_object();

	json_object_set_new(one, "rule", json_string(drift_rules[f->rule].name));
	json_object_set_new(one, "level", json_string(level_of(f->rule)));
	json_object_set_new(one, "path", cmd_json_text(f->path));
	json_object_set_new(one, "first_line",
			    f->first ? cmd_json_number(f->first) : json_null());
	json_object_set_new(one, "last_line",
			    f->first ? cmd_json_number(f->last) : json_null());
	json_object_set_new(one, "message", cmd_json_text(f->text));
	return one;
}

json_t *cmd_check_json(const struct drift_check *c,
		       const struct delta_sides *sides)
{
	json_t *doc = json_object(), *findings = json_array();
	json_t *changes = json_array();

	json_object_set_new(doc, "old", cmd_json_side(&sides->old));
	json_object_set_new(doc, "new", cmd_json_side(&sides->new));
	json_object_set_new(doc, "passed", json_boolean(drift_check_passed(c)));
	json_object_set_new(doc, "recorded",
			    cmd_json_number(c->nr[DRIFT_RECORDED]));
	json_object_set_new(doc, "covered",
			    cmd_json_number(c->nr[DRIFT_COVERED]));
	json_object_set_new(doc, "unexplained",
			    cmd_json_number(c->nr[DRIFT_UNEXPLAINED]));
	json_object_set_new(doc, "custom", cmd_json_number(c->nr[DRIFT_CUSTOM]));
	for (size_t i = 0; i < c->findings.nr; i++)
		json_array_append_new(findings, finding_json(&c->findings.v[i]));
	json_object_set_new(doc, "findings", findings);
	for (size_t i = 0; i < c->delta.nr; i++)
		json_array_append_new(changes, change_json(c, i));
	json_object_set_new(doc, "changes", changes);
	return doc;
}

/* SARIF 2.1.0, 3.19.23: what a rule is. */
static json_t *rules_sarif(void)
{
	json_t *rules = json_array();

	for (size_t i = 0; i < DRIFT_RULES; i++) {
		const struct drift_rule_text *r = &drift_rules[i];

		json_array_append_new(
			rules, json_pack("{s:s, s:{s:s}, s:{s:s}}", "id",
					 r->name, "shortDescription", "text",
					 r->help, "defaultConfiguration",
					 "level", level_of((enum drift_rule)i)));
	}
	return rules;
}

/*
 * 3.4.3: a URI relative to the top of the work tree. All but RFC 3986's
 * unreserved characters and the slash are escaped, so it cannot be taken for
 * an absolute one, and every name that git may have is exact.
 */
static void add_uri(struct strbuf *out, const char *path)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~/";

	for (; *path; path++) {
		if (strchr(plain, *path))
			strbuf_addch(out, *path);
		else
			strbuf_addf(out, "%%%02X", (unsigned char)*path);
	}
}

static json_t *result_sarif(const struct drift_finding *f)
{
	AUTO_STRBUF struct strbuf uri = STRBUF_INIT;
	json_t *place, *one;

	add_uri(&uri, f->path);
	place = json_pack("{s:{s:s, s:s}}", "artifactLocation", "uri", uri.buf,
			  "uriBaseId", SARIF_TOP);
	if (f->first)
		json_object_set_new(place, "region",
				    json_pack("{s:I, s:I}", "startLine",
					      (json_int_t)f->first, "endLine",
					      (json_int_t)f->last));
	one = json_pack("{s:s, s:i, s:s}", "ruleId", drift_rules[f->rule].name,
			"ruleIndex", (int)f->rule, "level", level_of(f->rule));
	json_object_set_new(one, "message",
			    json_pack("{s:o}", "text", cmd_json_text(f->text)));
	json_object_set_new(one, "locations",
			    json_pack("[{s:o}]", "physicalLocation", place));
	return one;
}

json_t *cmd_check_sarif(const struct drift_check *c)
{
	json_t *driver, *results = json_array();

	for (size_t i = 0; i < c->findings.nr; i++)
		json_array_append_new(results, result_sarif(&c->findings.v[i]));
	driver = json_pack("{s:s, s:s, s:o}", "name", "git drift check",
			   "version", program_version, "rules", rules_sarif());
	return json_pack("{s:s, s:s, s:[{s:{s:o}, s:{s:{s:{s:s}}}, s:o}]}",
			 "$schema", SARIF_SCHEMA, "version", "2.1.0", "runs",
			 "tool", "driver", driver, "originalUriBaseIds",
			 SARIF_TOP, "description", "text",
			 "the top of the work tree", "results", results);
}
