#include "common/base/base.h"
#include "git-release/branch-sync/back_merge.h"
#include "common/git/remote.h"
#include "common/sys/fault.h"
#include "common/text/review_url.h"

void back_merge_release(struct back_merge *bm)
{
	free(bm->branch);
	strbuf_release(&bm->url);
}

void back_merge_plan(const struct sync_job *job, struct back_merge *out)
{
	const struct sync_branch *into = &job->branches[0];
	AUTO_STRBUF struct strbuf name = STRBUF_INIT;
	char hex[8];

	git_oid_tostr(hex, sizeof(hex), &job->source);
	strbuf_addf(&name, "back-merge/%s-into-%s-%s", job->from, into->name,
		    hex);
	out->needed = into->remote.class != TIP_CURRENT &&
		      into->remote.class != TIP_AHEAD;
	if (job->urls.nr &&
	    !review_url(job->urls.v[0],
			&(struct review_branches){ .from = name.buf,
						   .into = into->name },
			&out->url))
		strbuf_reset(&out->url);
	out->branch = strbuf_detach(&name);
}

static int read_back(const struct sync_job *job, const char *ref,
		     struct err *pushed, struct err *err)
{
	AUTO_REMOTE_REFS struct remote_refs refs = REMOTE_REFS_INIT;
	AUTO_STRVEC struct strvec names = STRVEC_INIT;
	AUTO_ERR struct err lost = ERR_INIT;
	const struct remote_ref *now;

	strvec_push(&names, ref);
	if (fault("back-merge read back"))
		err_sys(&lost, "cannot read '%s'", job->remote);
	else if (!remote_list_pushed(job->repo, job->remote, &names, &refs,
				     &lost)) {
		now = remote_refs_find(&refs, ref);
		if (now && git_oid_equal(&now->id, &job->source))
			return 0;
		if (pushed->code)
			return err_set(err, pushed->code, "%s", pushed->msg.buf);
		err_set(&lost, ERR_UNKNOWN, "it is not there");
	}
	err_set(err, ERR_UNKNOWN, "it is not known whether '%s' has '%s': %s",
		job->remote, ref, lost.msg.buf);
	return err_hint(err,
			"git ls-remote %s shows it; the same command "
			"again finishes it",
			job->remote);
}

int back_merge_push(const struct sync_job *job, struct back_merge *bm,
		    struct err *err)
{
	AUTO_STRVEC struct strvec options = STRVEC_INIT, specs = STRVEC_INIT;
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	AUTO_STRBUF struct strbuf words = STRBUF_INIT;
	const struct remote_push push = { .remote = job->remote,
					  .options = &options,
					  .refspecs = &specs,
					  .words = &words };
	AUTO_ERR struct err pushed = ERR_INIT;
	char source[GIT_OID_HEXSZ + 1];

	git_oid_tostr(source, sizeof(source), &job->source);
	strbuf_addf(&ref, "refs/heads/%s", bm->branch);
	strvec_pushf(&options, "--force-with-lease=%s:", ref.buf);
	strvec_pushf(&specs, "%s:%s", source, ref.buf);
	if (fault("back-merge push"))
		return err_sys(err, "cannot push");
	/* Its failure is told by what is read back. */
	if (remote_push_to(job->repo, &push, &pushed) < 0)
		err_prefix(&pushed, "%s", bm->branch);
	if (!bm->url.len && !review_url_said(words.buf, &bm->url))
		strbuf_reset(&bm->url);
	return read_back(job, ref.buf, &pushed, err);
}
