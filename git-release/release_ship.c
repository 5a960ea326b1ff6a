#include "common/base/base.h"
#include "git-release/release_job.h"

#include "common/base/mem.h"
#include "common/sys/signals.h"
#include "git-release/captured_edits.h"
#include "git-release/hook_fields.h"

void release_edits_excluded(const struct session *s, struct setting_list *out)
{
	settings_get_all(&s->settings, settings_key_find("serversync", "exclude"),
			 s->env.name, out);
}

void release_edits_known(const struct release_job *job, struct edit_judge *out)
{
	const struct host_release *live = host_view_live(&job->view);
	AUTO_PACKAGE struct package pkg = PACKAGE_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;
	struct captured_edits_request req = {
		.repo = job->session.repo,
		.tip = job->session.tag.commit,
		.subdirectory = job->session.build.subdirectory,
		.next = &job->manifest,
	};
	git_oid id;

	/* Whatever cannot be read: then no edit is known, and stops it. */
	if (!live || !*live->package || git_oid_fromstr(&id, live->package) < 0 ||
	    package_read(req.repo, &id, &pkg, &ignored) < 0)
		return;
	req.live = pkg.commit;
	(void)!captured_edits_find(&req, out, &ignored);
}

static void known_fields(const struct release_job *job, struct strbuf *out)
{
	AUTO_EDIT_JUDGE struct edit_judge judge = EDIT_JUDGE_INIT;

	release_edits_known(job, &judge);
	for (size_t i = 0; i < judge.nr_known; i++) {
		AUTO_STRBUF struct strbuf text = STRBUF_INIT;

		known_edit_format(&judge.known[i], &text);
		request_add(out, "guard-known", "%s", text.buf);
	}
}

/* What was edited on the server, and is not to be buried: see the agent. */
static void guard_fields(struct release_job *job, struct strbuf *out)
{
	AUTO_SETTING_LIST struct setting_list exclude = SETTING_LIST_INIT;
	const struct session *s = &job->session;

	request_add(out, "guard", "%s",
		    job->options.discard_edits ? "discard" : "refuse");
	if (s->build.subdirectory)
		request_add(out, "guard-prefix", "%s", s->build.subdirectory);
	release_edits_excluded(s, &exclude);
	for (size_t i = 0; i < exclude.nr; i++)
		request_add(out, "guard-exclude", "%s",
			    exclude.v[i]->value ?: "");
	known_fields(job, out);
}

static void stage_fields(struct release_job *job, struct strbuf *out)
{
	const struct environment *env = &job->session.env;
	char hex[OID_HEXSZ + 1];

	request_begin(out, "stage");
	git_oid_tostr(hex, sizeof(hex), &job->package.id);
	request_add(out, "package", "%s", hex);
	git_oid_tostr(hex, sizeof(hex), &job->package.commit);
	request_add(out, "commit", "%s", hex);
	request_add(out, "version", "%s", job->package.tag);
	request_add(out, "number", "%s", job->package.version);
	request_add(out, "tag", "%s", job->package.tag);
	request_add(out, "build", "%s", job->package.build);
	request_add(out, "base", "%s", job->have_base ? job->view.base : "");
	request_add(out, "file-mode", "%o", env->file_mode);
	request_add(out, "directory-mode", "%o", env->directory_mode);
	request_add(out, "keep", "%u", env->keep);
	request_add(out, "recycle-after", "%" PRIu64, env->recycle_after);
	environment_fields_add(out, env);
	guard_fields(job, out);
	for (size_t i = 0; i < env->nr_shared; i++)
		request_add(out, "shared", "%c %s",
			    env->shared[i].is_dir ? 'd' : 'f',
			    env->shared[i].path);
	for (size_t i = 0; i < env->nr_links; i++)
		request_add(out, "link", "%s:%s", env->links[i].path,
			    env->links[i].target);
	hook_fields_add(out, env, HOOK_PRE);
	hook_fields_add(out, env, HOOK_MID);
	hook_fields_add(out, env, HOOK_FAIL);
}

static bool has_blob(void *ctx, const struct oid *oid)
{
	const struct release_job *job = ctx;
	AUTO_ODB git_odb *odb = NULL;
	git_oid id;

	git_oid_fromraw(&id, oid->b);
	return git_repository_odb(&odb, job->session.repo) == 0 &&
	       git_odb_exists(odb, &id);
}

/* Space and inodes for every file once more, as a copy would need. */
static int check_room(const struct release_job *job, struct err *err)
{
	if (!job->view.room_known)
		return 0;
	if (job->size > job->view.free_bytes)
		return err_set(err, ERR_REFUSED,
			       "%s has not enough room: the release takes "
			       "%" PRIu64 " MiB, %" PRIu64 " MiB are free",
			       host_name(job->host), job->size >> 20,
			       job->view.free_bytes >> 20);
	if (job->manifest.nr > job->view.free_inodes)
		return err_set(err, ERR_REFUSED,
			       "%s has not enough inodes: the release takes "
			       "%zu, %" PRIu64 " are free",
			       host_name(job->host), job->manifest.nr,
			       job->view.free_inodes);
	return 0;
}

static void warn_of_discarded(struct release_job *job, uint64_t nr)
{
	const char *them = nr == 1 ? "it" : "them";

	strvec_pushf(&job->warnings,
		     "%" PRIu64 " server edit%s discarded: .release/log/%s on "
		     "%s lists %s, release %s still has %s",
		     nr, nr == 1 ? " was" : "s were", job->id,
		     host_name(job->host), them, job->view.live, them);
}

static int take_edits(struct release_job *job, const struct message *said,
		      int ret, struct err *err)
{
	AUTO_ERR struct err ignored = ERR_INIT;
	struct edit_report *r = &job->edits;

	if (ret < 0) {
		/* Which ones they are, its message tells already. */
		if (ret == ERR_REFUSED)
			(void)!edit_report_take(r, said, &ignored);
		return ret;
	}
	if (edit_report_take(r, said, err) < 0)
		return err->code = ERR_UNDONE;
	if (!r->told)
		strvec_pushf(
			&job->warnings,
			"the agent on %s is of another version, which does "
			"not look for what was edited there",
			host_name(job->host));
	else if (r->nr)
		warn_of_discarded(job, r->nr);
	return 0;
}

int release_ship(struct release_job *job, struct err *err)
{
	AUTO_MESSAGE struct message said = MESSAGE_INIT;
	AUTO_STRBUF struct strbuf request = STRBUF_INIT;
	AUTO_STRVEC struct strvec omit = STRVEC_INIT;
	const struct host_shipment shipment = {
		.request = &request,
		.old = job->have_base ? &job->base : NULL,
		.new = &job->manifest,
		.omit = &omit,
		.source = &job->source.calls,
		.has = has_blob,
		.has_ctx = job,
		.said = &said,
	};
	int ret = check_room(job, err);

	if (ret < 0)
		return ret;
	/* What is shared is not in the release that the delta builds upon. */
	for (size_t i = 0; i < job->session.env.nr_shared; i++)
		strvec_push(&omit, job->session.env.shared[i].path);
	ship_source_prepare(&job->source, job->session.repo, job->changed);
	ret = ship_source_open(&job->source, job->session.repo, err);
	stage_fields(job, &request);
	if (!ret)
		ret = host_ship(job->host, &shipment, &job->id, err);
	ret = take_edits(job, &said, ret, err);
	host_traffic(job->host, &job->sent, &job->received);
	if (ret == ERR_UNKNOWN)
		/* Without the decision the agent undoes it all by itself. */
		ret = err->code = signals_pending() ? signals_pending()
						    : ERR_UNDONE;
	return ret < 0 ? ret : signals_check(err);
}
