#include "common/base/base.h"
#include "git-serversync/cmd_capture.h"

#include "common/ui/json_out.h"

static json_t *text_json(const char *text)
{
	return text && *text ? json_out_text(text, strlen(text)) : json_null();
}

static json_t *id_json(const git_oid *id)
{
	char hex[GIT_OID_HEXSZ + 1];

	if (git_oid_is_zero(id))
		return json_null();
	return json_string(git_oid_tostr(hex, sizeof(hex), id));
}

static json_t *size_json(uint64_t size, bool known)
{
	return known ? json_integer((json_int_t)size) : json_null();
}

static json_t *mode_json(uint32_t mode)
{
	char text[8];

	snprintf(text, sizeof(text), "%06o", mode & 0777777);
	return mode ? json_string(text) : json_null();
}

static json_t *file_json(const struct capture_file *f)
{
	const char status[] = { f->status, '\0' };
	json_t *one = json_object();

	json_object_set_new(one, "path", text_json(f->git_path));
	json_object_set_new(one, "status", json_string(status));
	json_object_set_new(one, "class",
			    json_string(capture_class_name(f->class)));
	json_object_set_new(one, "why", text_json(f->why));
	json_object_set_new(one, "taken", json_boolean(f->taken));
	json_object_set_new(one, "mode", mode_json(f->mode));
	json_object_set_new(one, "old_mode", mode_json(f->old_mode));
	json_object_set_new(one, "size", size_json(f->size, f->status != 'D'));
	json_object_set_new(one, "old_size", size_json(f->old_size, f->has_old));
	json_object_set_new(one, "delete_reason", text_json(f->delete_reason));
	return one;
}

static json_t *files_json(const struct capture *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->nr; i++)
		json_array_append_new(list, file_json(&c->v[i]));
	return list;
}

static json_t *ignored_json(const struct capture *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->nr_ignored; i++) {
		json_t *one = json_object();

		json_object_set_new(one, "path", text_json(c->ignored[i].path));
		json_object_set_new(one, "files",
				    json_integer((json_int_t)c->ignored[i].files));
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *unknown_json(const struct capture *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->unknown.nr; i++)
		json_array_append_new(list, text_json(c->unknown.v[i]));
	return list;
}

static const char *outcome(const struct capture_job *job)
{
	if (!capture_taken(&job->capture))
		return "nothing";
	if (job->options.dry_run)
		return "would capture";
	return job->reused ? "already captured" : "captured";
}

json_t *cmd_capture_json(const struct capture_job *job)
{
	const struct capture *c = &job->capture;
	json_t *doc = json_object();

	json_object_set_new(doc, "environment", text_json(c->environment));
	json_object_set_new(doc, "server", text_json(c->server));
	json_object_set_new(doc, "release", text_json(c->release));
	json_object_set_new(doc, "version", text_json(c->version));
	json_object_set_new(doc, "base", id_json(&c->base));
	json_object_set_new(doc, "captured_at", text_json(c->captured_at));
	json_object_set_new(doc, "outcome", json_string(outcome(job)));
	json_object_set_new(doc, "files", files_json(c));
	json_object_set_new(doc, "ignored", ignored_json(c));
	json_object_set_new(doc, "merged",
			    json_integer((json_int_t)c->nr_merged));
	json_object_set_new(doc, "target", text_json(c->target));
	json_object_set_new(doc, "unknown", unknown_json(c));
	json_object_set_new(doc, "files_looked_at",
			    size_json(job->report.looked, true));
	json_object_set_new(doc, "files_read", size_json(job->report.read, true));
	json_object_set_new(doc, "branch", text_json(c->branch));
	json_object_set_new(doc, "commit", id_json(&c->commit));
	json_object_set_new(doc, "pushed", json_boolean(job->pushed));
	json_object_set_new(doc, "review", text_json(job->review.url));
	json_object_set_new(doc, "review_opened",
			    json_boolean(job->review.opened));
	json_object_set_new(doc, "review_updated",
			    json_boolean(job->review.updated));
	return doc;
}
