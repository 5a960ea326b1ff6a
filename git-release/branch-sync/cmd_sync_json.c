#include "common/base/base.h"
#include "common/ui/json_out.h"
#include "git-release/branch-sync/advice.h"
#include "git-release/branch-sync/cmd_sync_view.h"

static void set_text(json_t *doc, const char *key, const char *text)
{
	json_object_set_new(doc, key,
			    text && *text ? json_out_text(text, strlen(text))
					  : json_null());
}

static void set_id(json_t *doc, const char *key, const git_oid *id)
{
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof(hex), id);
	set_text(doc, key, hex);
}

static json_t *commit_json(const struct tip_commit *c)
{
	json_t *one = json_object();

	set_text(one, "commit", c->id);
	set_text(one, "date", c->date);
	set_text(one, "author", c->author);
	set_text(one, "subject", c->subject);
	json_object_set_new(one, "merge", json_boolean(c->parents > 1));
	json_object_set_new(one, "in_source", json_boolean(c->twin));
	return one;
}

static void set_divergence(const struct sync_job *job,
			   const struct sync_branch *b, bool here, json_t *one)
{
	const struct tip *tip = here ? &b->local : &b->remote;
	AUTO_ADVICE struct advice a = ADVICE_INIT;
	json_t *commits = json_array(), *commands = json_array();

	set_text(one, "squashed", tip->squashed);
	for (size_t i = 0; i < tip->nr; i++)
		json_array_append_new(commits, commit_json(&tip->commits[i]));
	json_object_set_new(one, "commits", commits);
	advice_give(job, b, here, &a);
	for (size_t i = 0; i < a.commands.nr; i++)
		json_array_append_new(commands,
				      json_out_text(a.commands.v[i],
						    strlen(a.commands.v[i])));
	json_object_set_new(one, "commands", commands);
}

static json_t *tip_json(const struct sync_job *job, const struct sync_branch *b,
			bool here)
{
	static const char *const names[] = {
		[TIP_CURRENT] = "current", [TIP_BEHIND] = "behind",
		[TIP_AHEAD] = "ahead",	   [TIP_SAME_TREE] = "same-tree",
		[TIP_TWINS] = "in-source", [TIP_REAL] = "diverged",
	};
	const struct tip *tip = here ? &b->local : &b->remote;
	json_t *one = json_object();

	set_id(one, "commit", &tip->id);
	set_text(one, "class", names[tip->class]);
	json_object_set_new(one, "ahead", json_integer((json_int_t)tip->ahead));
	json_object_set_new(one, "behind", json_integer((json_int_t)tip->behind));
	if (here ? sync_local_diverged(b) : tip_diverged(tip))
		set_divergence(job, b, here, one);
	return one;
}

static json_t *branch_json(const struct sync_job *job,
			   const struct sync_branch *b)
{
	json_t *one = json_object();

	set_text(one, "branch", b->name);
	json_object_set_new(one, "remote", tip_json(job, b, false));
	json_object_set_new(one, "local",
			    b->has_local ? tip_json(job, b, true) : json_null());
	return one;
}

static json_t *header(const struct sync_job *job, const char *result)
{
	json_t *doc = json_object();

	set_text(doc, "result", result);
	set_text(doc, "remote", job->remote);
	set_text(doc, "source", job->from);
	set_id(doc, "commit", &job->source);
	return doc;
}

void sync_view_json(const struct sync_view *view, const char *result)
{
	const struct sync_job *job = view->job;
	AUTO_JSON json_t *doc = header(job, result);
	json_t *list = json_array(), *left;

	set_text(doc, "tag", job->tag_name);
	for (size_t i = 0; i < job->nr; i++)
		json_array_append_new(list, branch_json(job, &job->branches[i]));
	json_object_set_new(doc, "branches", list);
	if (view->left) {
		left = json_array();
		for (size_t i = 0; i < view->left->nr; i++)
			json_array_append_new(
				left, json_out_text(view->left->v[i],
						    strlen(view->left->v[i])));
		set_text(doc, "finish", view->finish);
		json_object_set_new(doc, "left", left);
	}
	json_out_print(doc, stdout);
}

void sync_view_back_merge_json(const struct sync_view *view,
			       const struct back_merge *bm)
{
	const char *result = !bm->needed     ? "nothing"
			     : view->dry_run ? "dry-run"
					     : "pushed";
	AUTO_JSON json_t *doc = header(view->job, result);

	set_text(doc, "into", view->job->branches[0].name);
	set_text(doc, "branch", bm->needed ? bm->branch : NULL);
	set_text(doc, "url", bm->needed ? bm->url.buf : NULL);
	json_out_print(doc, stdout);
}
