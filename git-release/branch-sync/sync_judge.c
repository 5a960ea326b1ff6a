#include "common/base/base.h"
#include "git-release/branch-sync/sync_job.h"
#include "common/git/remote.h"
#include "common/sys/fault.h"
#include "common/text/quote.h"

static void add_refspecs(const struct sync_job *job, struct strvec *out)
{
	strvec_pushf(out, "+refs/heads/%s:%s", job->from, job->from_tracking);
	for (size_t i = 0; i < job->nr; i++)
		strvec_pushf(out, "+%s:%s", job->branches[i].ref,
			     job->branches[i].tracking);
	if (job->finish && !job->finish_is_here)
		strvec_pushf(out, "+refs/heads/%s:refs/remotes/%s/%s",
			     job->finish, job->remote, job->finish);
}

static int missing(const struct sync_job *job, const char *name, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_text(&shown, name, strlen(name));
	err_set(err, ERR_FAILED, "there is no branch '%s' on '%s'", shown.buf,
		job->remote);
	if (!strcmp(name, job->from))
		return err_hint(err, "name the branch that is released: git "
				     "config branchsync.from <branch>");
	return err_hint(err, "name the branches to move: git branch-sync "
			     "<branch>..., or set branchsync.branch");
}

static int nowhere(const struct sync_job *job, const char *name, struct err *err)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_text(&shown, name, strlen(name));
	return err_set(err, ERR_FAILED,
		       "there is no branch '%s' to finish on, here or on '%s'",
		       shown.buf, job->remote);
}

/* A version that was published stays what it is. */
static int check_remote_tag(const struct sync_job *job,
			    const struct remote_refs *refs, struct err *err)
{
	AUTO_ERR struct err ignored = ERR_INIT;
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	const struct remote_ref *there;
	char hex[8];
	git_oid here;

	strbuf_addf(&ref, "refs/tags/%s", job->tag_name);
	there = remote_refs_find(refs, ref.buf);
	if (!there || repo_ref_id(job->repo, ref.buf, &here, &ignored) < 0 ||
	    git_oid_equal(&there->id, &here))
		return 0;
	git_oid_tostr(hex, sizeof(hex), &there->peeled);
	err_set(err, ERR_REFUSED,
		"tag '%s' on '%s' is another one, of %s: a published version "
		"is not moved",
		job->tag_name, job->remote, hex);
	return err_hint(err,
			"take the next version, or drop your own tag: "
			"git tag -d %s",
			job->tag_name);
}

/* git names one missing branch, not whose word it is, and no hint. */
static int explain_fetch(const struct sync_job *job, struct err *err)
{
	AUTO_REMOTE_REFS struct remote_refs refs = REMOTE_REFS_INIT;
	AUTO_STRVEC struct strvec names = STRVEC_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;

	strvec_pushf(&names, "refs/heads/%s", job->from);
	for (size_t i = 0; i < job->nr; i++)
		strvec_push(&names, job->branches[i].ref);
	if (job->finish && !job->finish_is_here)
		strvec_pushf(&names, "refs/heads/%s", job->finish);
	if (remote_list(job->repo, job->remote, &names, &refs, &ignored) < 0)
		return err->code;
	for (size_t i = 0; i < names.nr; i++) {
		const char *name = names.v[i] + strlen("refs/heads/");

		if (!remote_refs_find(&refs, names.v[i]))
			return i <= job->nr ? missing(job, name, err)
					    : nowhere(job, name, err);
	}
	/* Else git's own words stand. */
	return err->code;
}

/* That it is not there yet is no error, and git fetch would make it one. */
static int add_tag(const struct sync_job *job, struct strvec *refspecs,
		   struct err *err)
{
	AUTO_REMOTE_REFS struct remote_refs refs = REMOTE_REFS_INIT;
	AUTO_STRVEC struct strvec names = STRVEC_INIT;
	const char *ref;
	int ret;

	if (!job->tag_name)
		return 0;
	strvec_pushf(&names, "refs/tags/%s", job->tag_name);
	ref = names.v[0];
	if ((ret = remote_list(job->repo, job->remote, &names, &refs, err)) < 0 ||
	    (ret = check_remote_tag(job, &refs, err)) < 0)
		return ret;
	if (remote_refs_find(&refs, ref))
		strvec_pushf(refspecs, "%s:%s", ref, ref);
	return 0;
}

int sync_fetch(struct sync_job *job, struct err *err)
{
	AUTO_STRVEC struct strvec refspecs = STRVEC_INIT;
	int ret;

	if (fault("branch-sync fetch"))
		return err_sys(err, "cannot fetch");
	add_refspecs(job, &refspecs);
	if ((ret = add_tag(job, &refspecs, err)) < 0)
		return ret;
	ret = remote_fetch(job->repo, job->remote, &refspecs, err);
	return ret == ERR_FAILED ? explain_fetch(job, err) : ret;
}

bool sync_moves_local(const struct sync_branch *b)
{
	return b->has_local && b->local.class == TIP_BEHIND;
}

bool sync_local_diverged(const struct sync_branch *b)
{
	return b->has_local && tip_diverged(&b->local) &&
	       !git_oid_equal(&b->local.id, &b->remote.id);
}

bool sync_diverged(const struct sync_job *job)
{
	for (size_t i = 0; i < job->nr; i++)
		if (tip_diverged(&job->branches[i].remote) ||
		    sync_local_diverged(&job->branches[i]))
			return true;
	return false;
}

static int find_local(const struct sync_job *job, struct sync_branch *b,
		      struct err *err)
{
	AUTO_REF git_reference *ref = NULL;
	int ret = git_reference_lookup(&ref, job->repo, b->ref);

	if (ret == GIT_ENOTFOUND)
		return 0;
	if (ret < 0)
		return err_git(err, ERR_FAILED, "cannot read '%s'", b->ref);
	if (!git_reference_target(ref))
		return err_set(err, ERR_REFUSED,
			       "'%s' is another name for '%s' here", b->ref,
			       git_reference_symbolic_target(ref));
	b->local.id = *git_reference_target(ref);
	b->has_local = true;
	return 0;
}

/* Most are at one commit, there and here: each commit is looked at once. */
static const struct tip *find_judged(const struct sync_job *job,
				     const struct tip *tip)
{
	for (size_t i = 0; i < job->nr; i++) {
		const struct sync_branch *b = &job->branches[i];
		const struct tip *tips[] = { &b->remote, &b->local };

		for (size_t k = 0; k < ARRAY_SIZE(tips); k++)
			if (tips[k] != tip && tips[k]->judged &&
			    git_oid_equal(&tips[k]->id, &tip->id))
				return tips[k];
	}
	return NULL;
}

static int judge_tip(const struct sync_job *job, struct tip *tip, struct err *err)
{
	const struct tip *same = find_judged(job, tip);

	if (!same)
		return tip_judge(job->repo, &job->source, tip, err);
	*tip = *same;
	return 0;
}

static int judge_branch(struct sync_job *job, struct sync_branch *b,
			struct err *err)
{
	int ret;

	if ((ret = repo_ref_id(job->repo, b->tracking, &b->remote.id, err)) < 0 ||
	    (ret = find_local(job, b, err)) < 0 ||
	    (ret = judge_tip(job, &b->remote, err)) < 0)
		return ret;
	return b->has_local ? judge_tip(job, &b->local, err) : 0;
}

static int explain_branch(struct tip_workshop *shop, const git_oid *source,
			  struct sync_branch *b, struct err *err)
{
	int ret = 0;

	if (tip_diverged(&b->remote))
		ret = tip_explain(shop, source, &b->remote, err);
	if (!ret && sync_local_diverged(b))
		ret = tip_explain(shop, source, &b->local, err);
	return ret < 0 ? err_prefix(err, "%s", b->name) : 0;
}

static int explain(struct sync_job *job, struct err *err)
{
	AUTO_TIP_WORKSHOP struct tip_workshop shop = TIP_WORKSHOP_INIT;
	int ret = 0;

	shop.repo = job->repo;
	for (size_t i = 0; !ret && i < job->nr; i++)
		ret = explain_branch(&shop, &job->source, &job->branches[i], err);
	return ret;
}

static int not_of_source(const struct sync_job *job, struct err *err)
{
	char tag[8], source[8];

	git_oid_tostr(tag, sizeof(tag), &job->tag.commit);
	git_oid_tostr(source, sizeof(source), &job->source);
	err_set(err, ERR_REFUSED, "tag '%s' is of %s, and '%s' is at %s",
		job->tag_name, tag, job->from, source);
	return err_hint(err,
			"take the next version; a tag that was never "
			"pushed can go: git tag -d %s",
			job->tag_name);
}

static int judge_tag(struct sync_job *job, struct err *err)
{
	const struct tag_policy policy = { .prefix = job->tag_prefix,
					   .branch = job->from,
					   .remote = job->remote,
					   .signed_tag = job->tag_signed };
	int ret;

	if (!job->tag_name)
		return 0;
	ret = version_tag_find(job->repo, job->tag_name, &policy, &job->tag, err);
	if (ret == ERR_NOTFOUND) {
		/* It is made when all else is known to be in order. */
		err_release(err);
		return 0;
	}
	if (ret < 0)
		return ret;
	return git_oid_equal(&job->tag.commit, &job->source)
		       ? 0
		       : not_of_source(job, err);
}

int sync_judge(struct sync_job *job, struct err *err)
{
	int ret = repo_ref_id(job->repo, job->from_tracking, &job->source, err);

	for (size_t i = 0; !ret && i < job->nr; i++)
		ret = judge_branch(job, &job->branches[i], err);
	if (!ret)
		ret = judge_tag(job, err);
	return ret < 0 ? ret : explain(job, err);
}
