#include "common/base/base.h"
#include "git-release/branch-sync/sync_push.h"
#include "common/git/remote.h"
#include "common/git/run_git.h"
#include "common/sys/fault.h"
#include "common/text/gitconfig.h"

#define ERRORS_MAX ((size_t)64 << 10)

static bool pushes(const struct sync_branch *b)
{
	return b->remote.class == TIP_BEHIND;
}

bool sync_pushes(const struct sync_job *job)
{
	for (size_t i = 0; i < job->nr; i++)
		if (pushes(&job->branches[i]))
			return true;
	return job->tag_name != NULL;
}

static int run_tag(const struct sync_job *job, struct strbuf *errors,
		   struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	char source[GIT_OID_HEXSZ + 1];
	int ret, status;

	git_oid_tostr(source, sizeof(source), &job->source);
	strvec_pushl(&cmd.argv, "tag", job->tag_signed ? "-s" : "-a", "-m", NULL);
	strvec_pushf(&cmd.argv, "Release %s", job->tag_name);
	strvec_pushl(&cmd.argv, job->tag_name, source, NULL);
	cmd.repo = job->repo;
	cmd.prompts = true;
	strbuf_limit(errors, ERRORS_MAX);
	if (fault("branch-sync tag"))
		return err_sys(err, "cannot make tag '%s'", job->tag_name);
	if ((ret = git_cmd_status(&cmd, NULL, errors, &status, err)) < 0)
		return ret;
	return status ? git_cmd_failed(err, ERR_FAILED, "git tag failed", errors)
		      : 0;
}

static bool shall_sign(const struct sync_job *job)
{
	const char *value = config_get(&job->config, "tag", NULL, "gpgsign");
	bool on;

	return job->tag_signed || (value && !gitconfig_bool(value, &on) && on);
}

static bool is_signed(const struct sync_job *job)
{
	AUTO_TAG git_tag *tag = NULL;
	const char *text = NULL;

	if (!git_tag_lookup(&tag, job->repo, &job->tag.tag))
		text = git_tag_message(tag);
	return text && version_tag_signature(text);
}

/* What was made for a push that moved nothing goes again. */
static void drop_tag(struct sync_job *job)
{
	AUTO_ERR struct err err = ERR_INIT;
	git_oid none = { { 0 } };

	if (repo_ref_swap(job->repo, job->tag.ref, &job->tag.tag, &none, NULL,
			  &err) < 0)
		strvec_pushf(&job->warnings, "tag '%s' stays here: %s",
			     job->tag_name, err.msg.buf);
	version_tag_release(&job->tag);
}

/*
 * Signed when tag.gpgSign or "signed = tag" says so, with the identity that
 * git has. A tag that is left behind by a kill is the one that the next run
 * pushes.
 */
static int make_tag(struct sync_job *job, struct err *err)
{
	const struct tag_policy policy = { .prefix = job->tag_prefix,
					   .branch = job->from,
					   .remote = job->remote };
	AUTO_STRBUF struct strbuf errors = STRBUF_INIT;
	int ret;

	if ((ret = run_tag(job, &errors, err)) < 0 ||
	    (ret = version_tag_find(job->repo, job->tag_name, &policy,
				    &job->tag, err)) < 0)
		return ret;
	if (!shall_sign(job) || is_signed(job))
		return 0;
	/* git 2.39 exits 0 when an SSH key is missing, without a signature. */
	drop_tag(job);
	return git_cmd_failed(err, ERR_FAILED, "git did not sign the tag",
			      &errors);
}

/* refs gets what is looked at again when it is over. */
static int push(const struct sync_job *job, struct strvec *refs, struct err *err)
{
	AUTO_STRVEC struct strvec options = STRVEC_INIT, specs = STRVEC_INIT;
	char source[GIT_OID_HEXSZ + 1], hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(source, sizeof(source), &job->source);
	strvec_push(&options, "--atomic");
	for (size_t i = 0; i < job->nr; i++) {
		const struct sync_branch *b = &job->branches[i];

		strvec_push(refs, b->ref);
		if (!pushes(b))
			continue;
		git_oid_tostr(hex, sizeof(hex), &b->remote.id);
		strvec_pushf(&options, "--force-with-lease=%s:%s", b->ref, hex);
		strvec_pushf(&specs, "%s:%s", source, b->ref);
	}
	if (job->tag_name) {
		git_oid_tostr(hex, sizeof(hex), &job->tag.tag);
		strvec_push(refs, job->tag.ref);
		/* An empty value: it must not be there, or be this very one. */
		strvec_pushf(&options, "--force-with-lease=%s:", job->tag.ref);
		strvec_pushf(&specs, "%s:%s", hex, job->tag.ref);
	}
	if (fault("branch-sync push"))
		return err_sys(err, "cannot push");
	return remote_push(job->repo, job->remote, &options, &specs, err);
}

struct outcome {
	size_t moved, stayed, other;
	struct strbuf elsewhere; /* names of the last kind */
};

static void count_branch(const struct remote_refs *refs, const char *ref,
			 const git_oid *old, const git_oid *id,
			 struct outcome *out)
{
	const struct remote_ref *now = remote_refs_find(refs, ref);

	if (now && git_oid_equal(&now->id, id))
		out->moved++;
	else if (old ? now && git_oid_equal(&now->id, old) : !now)
		out->stayed++;
	else {
		out->other++;
		strbuf_addf(&out->elsewhere, "%s%s",
			    out->elsewhere.len ? ", " : "",
			    ref + strlen("refs/"));
	}
}

/* Of those that were to move; one that was there already tells nothing. */
static void count(const struct sync_job *job, const struct remote_refs *refs,
		  struct outcome *out)
{
	for (size_t i = 0; i < job->nr; i++)
		if (pushes(&job->branches[i]))
			count_branch(refs, job->branches[i].ref,
				     &job->branches[i].remote.id, &job->source,
				     out);
	if (job->tag_name)
		count_branch(refs, job->tag.ref, NULL, &job->tag.tag, out);
}

static int unknown(const struct sync_job *job, struct err *err)
{
	err->code = ERR_UNKNOWN;
	return err_hint(err,
			"git ls-remote %s shows where they are; "
			"git branch-sync again finishes what can be",
			job->remote);
}

static int explain_refusal(struct err *err)
{
	if (strstr(err->msg.buf, "atomic push"))
		return err_hint(err, "the server must offer it: "
				     "receive.advertiseAtomic");
	if (strstr(err->msg.buf, "stale info") ||
	    strstr(err->msg.buf, "failed to update ref") ||
	    strstr(err->msg.buf, "cannot lock ref"))
		return err_hint(err, "somebody else moved it; git branch-sync "
				     "looks again");
	/* Without a ref that was rejected: a pre-push hook said no. */
	if (strstr(err->msg.buf, "failed to push some refs"))
		err->code = ERR_REFUSED;
	return err->code;
}

/* "pushed" is what git made of it, err its words. */
static int judge(struct sync_job *job, const struct remote_refs *refs,
		 int pushed, struct err *err)
{
	struct outcome out = { .elsewhere = STRBUF_INIT };

	count(job, refs, &out);
	if (!out.stayed && !out.other)
		return 0;
	if (pushed < 0 && !out.moved && !out.other)
		return explain_refusal(err);
	if (pushed < 0 && !out.moved) {
		/* Who moved it was not this push: it had a lease on all. */
		strbuf_release(&out.elsewhere);
		return explain_refusal(err);
	}
	err_set(err, ERR_UNKNOWN,
		"of %zu refs on '%s' %zu moved and %zu did not%s%s",
		out.moved + out.stayed + out.other, job->remote, out.moved,
		out.stayed, out.other ? "; elsewhere: " : "", out.elsewhere.buf);
	strbuf_release(&out.elsewhere);
	return unknown(job, err);
}

static int read_back(struct sync_job *job, const struct strvec *names,
		     int pushed, struct err *err)
{
	AUTO_REMOTE_REFS struct remote_refs refs = REMOTE_REFS_INIT;
	AUTO_ERR struct err lost = ERR_INIT;

	if (fault("branch-sync read back"))
		err_sys(&lost, "cannot read '%s'", job->remote);
	else if (!remote_list_pushed(job->repo, job->remote, names, &refs, &lost))
		return judge(job, &refs, pushed, err);
	err_set(err, ERR_UNKNOWN,
		"it is not known whether the branches on '%s' moved: %s",
		job->remote, lost.msg.buf);
	return unknown(job, err);
}

static int check_urls(const struct sync_job *job, struct err *err)
{
	if (!remote_check_urls(job->remote, &job->urls, err))
		return 0;
	return err_hint(err, "name a remote that has one: git branch-sync "
			     "--remote <name>");
}

int sync_push(struct sync_job *job, struct err *err)
{
	AUTO_STRVEC struct strvec names = STRVEC_INIT;
	bool made = job->tag_name && !job->tag.name;
	int ret, pushed;

	if (!sync_pushes(job))
		return 0;
	if ((ret = check_urls(job, err)) < 0 ||
	    (made && (ret = make_tag(job, err)) < 0))
		return ret;
	pushed = push(job, &names, err);
	ret = read_back(job, &names, pushed, err);
	if (made && (ret == ERR_REFUSED || ret == ERR_FAILED))
		drop_tag(job);
	return ret;
}
