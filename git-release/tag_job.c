#include "common/base/base.h"
#include "git-release/tag_job.h"

#include "common/base/mem.h"
#include "common/git/revision.h"
#include "common/text/quote.h"

#define SHOWN_MAX 60

void tag_job_release(struct tag_job *job)
{
	strvec_release(&job->options.messages);
	session_release(&job->session);
	release_branch_release(&job->branch);
	free(job->name);
	free(job->ref);
	strbuf_release(&job->message);
	strvec_release(&job->warnings);
}

static int find_name(struct tag_job *job, struct err *err)
{
	AUTO_STRBUF struct strbuf name = STRBUF_INIT, ref = STRBUF_INIT;
	int ret = version_tag_name(job->options.version,
				   job->session.build.tag_prefix, &name, err);

	if (ret < 0)
		return ret;
	strbuf_addf(&ref, "refs/tags/%s", name.buf);
	job->name = strbuf_detach(&name);
	job->ref = strbuf_detach(&ref);
	return 0;
}

static int list(struct tag_job *job, struct remote_refs *refs, struct err *err)
{
	AUTO_STRVEC struct strvec patterns = STRVEC_INIT;

	strvec_pushl(&patterns, job->branch.ref, "refs/tags/*", NULL);
	return remote_list(job->session.repo, job->branch.remote, &patterns,
			   refs, err);
}

static int find_commit(struct tag_job *job, struct err *err)
{
	const struct release_branch *b = &job->branch;
	const char *name = job->options.commit;
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
	int ret;

	job->commit = b->tip;
	if (!name)
		return 0;
	if ((ret = revision_commit(job->session.repo, name, &job->commit, err)) <
	    0)
		return ret;
	ret = release_branch_has(&job->session, b, &job->commit, err);
	if (ret)
		return ret < 0 ? ret : 0;
	quote_text(&shown, name, strnlen(name, SHOWN_MAX));
	err_set(err, ERR_REFUSED, "'%s' is not on '%s/%s'", shown.buf,
		b->remote, b->name);
	return err_hint(err, "git branch -r --contains %.7s",
			git_oid_tostr_s(&job->commit));
}

static bool ref_is(git_repository *repo, const char *ref, git_oid *id)
{
	AUTO_ERR struct err ignored = ERR_INIT;

	return !repo_ref_id(repo, ref, id, &ignored);
}

/* Did an earlier run of ours make what the remote has? */
static bool is_ours(struct tag_job *job, const struct remote_ref *there)
{
	AUTO_STRBUF struct strbuf mark = STRBUF_INIT;
	git_oid id, here;

	strbuf_addf(&mark, TAGGING_PREFIX "%s", job->name);
	if (!ref_is(job->session.repo, mark.buf, &id) ||
	    !git_oid_equal(&id, &there->id))
		return false;
	/* Somebody has made another one here since. */
	if (ref_is(job->session.repo, job->ref, &here) &&
	    !git_oid_equal(&here, &id))
		return false;
	job->finishing = true;
	job->object = there->id;
	job->commit = there->peeled;
	return true;
}

static int check_absent(struct tag_job *job, const struct remote_refs *refs,
			struct err *err)
{
	const struct remote_ref *there = remote_refs_find(refs, job->ref);
	const char *remote = job->branch.remote;
	AUTO_STRBUF struct strbuf branch = STRBUF_INIT;
	git_oid id;
	bool here = ref_is(job->session.repo, job->ref, &id);

	if (there && is_ours(job, there))
		return 0;
	if (there) {
		err_set(err, ERR_REFUSED, "tag '%s' is on '%s' already, at %.7s",
			job->name, remote, git_oid_tostr_s(&there->peeled));
		return here ? err->code
			    : err_hint(err, "git fetch %s tag %s", remote,
				       job->name);
	}
	if (here) {
		err_set(err, ERR_REFUSED,
			"tag '%s' is here already, and not on '%s'", job->name,
			remote);
		return err_hint(err, "git push %s refs/tags/%s, or git tag -d %s",
				remote, job->name, job->name);
	}
	strbuf_addf(&branch, "refs/heads/%s", job->name);
	if (!ref_is(job->session.repo, branch.buf, &id))
		return 0;
	err_set(err, ERR_REFUSED, "'%s' is a branch", job->name);
	return err_hint(err, "git branch -m %s <other name>", job->name);
}

int tag_job_check(struct tag_job *job, struct err *err)
{
	AUTO_REMOTE_REFS struct remote_refs refs = REMOTE_REFS_INIT;
	struct session *s = &job->session;
	int ret;

	if ((ret = session_open(s, err)) < 0 ||
	    (ret = release_branch_find(s, job->options.to, &job->branch, err)) <
		    0 ||
	    (ret = find_name(job, err)) < 0 || (ret = list(job, &refs, err)) < 0 ||
	    (ret = release_branch_fetch(s, &job->branch, &refs, err)) < 0 ||
	    (ret = find_commit(job, err)) < 0 ||
	    (ret = check_absent(job, &refs, err)) < 0 || job->finishing)
		return ret;
	if (!job->options.allow_lower &&
	    (ret = tag_check_order(job, &refs, err)) < 0)
		return ret;
	return tag_message(job, err);
}
