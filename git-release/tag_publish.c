#include "common/base/base.h"
#include "git-release/tag_job.h"

#include "common/git/run_git.h"
#include "common/git/scratch.h"
#include "common/model/version_tag.h"
#include "common/sys/fault.h"
#include "common/text/gitconfig.h"

#define ERRORS_MAX ((size_t)64 << 10)

static const git_oid none = { { 0 } };

/*
 * Who tags and with which key, as the user has it here: includes that depend
 * on the place, and "git -c", do not reach the repository the tag is made in.
 */
static void pass_settings(const struct config *config, struct strvec *env)
{
	static const char *const sections[] = { "user.", "committer.", "gpg.",
						"tag." };
	size_t nr = 0;

	for (size_t i = 0; i < config->nr; i++) {
		const struct config_entry *e = &config->entries[i];
		bool wanted = false;

		for (size_t j = 0; j < ARRAY_SIZE(sections); j++)
			wanted |= !strncmp(e->key, sections[j],
					   strlen(sections[j]));
		if (!wanted)
			continue;
		strvec_pushf(env, "GIT_CONFIG_KEY_%zu=%s", nr, e->key);
		strvec_pushf(env, "GIT_CONFIG_VALUE_%zu=%s", nr,
			     e->value ? e->value : "true");
		nr++;
	}
	strvec_pushf(env, "GIT_CONFIG_COUNT=%zu", nr);
}

/* git's words on keys and their programs, which it says in several lines. */
static int not_made(struct tag_job *job, const struct strbuf *errors,
		    struct err *err)
{
	AUTO_STRBUF struct strbuf what = STRBUF_INIT;

	strbuf_addf(&what, "cannot make the tag '%s'", job->name);
	err_set(err, ERR_FAILED, "%s", what.buf);
	for (const char *p = errors->buf; *p;) {
		AUTO_STRBUF struct strbuf line = STRBUF_INIT;
		AUTO_ERR struct err one = ERR_INIT;
		size_t len = strcspn(p, "\n");

		strbuf_add(&line, p, len);
		if (len) {
			git_cmd_failed(&one, ERR_FAILED, "", &line);
			strbuf_addf(&err->msg, "\n%s", one.msg.buf + 2);
		}
		p += len + (p[len] == '\n');
	}
	return err->code;
}

/* Runs git tag where there are no refs but the one it makes. */
static int run_tag(struct tag_job *job, const struct strvec *env,
		   struct strbuf *errors, struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	int ret, status;

	strvec_pushl(&cmd.argv, "tag", "--annotate", "--cleanup=whitespace",
		     "--file=-", NULL);
	if (job->session.build.signed_tags)
		strvec_push(&cmd.argv, "--sign");
	strvec_pushl(&cmd.argv, job->name, git_oid_tostr_s(&job->commit), NULL);
	for (size_t i = 0; i < env->nr; i++)
		strvec_push(&cmd.env, env->v[i]);
	cmd.elsewhere = true;
	cmd.prompts = true;
	cmd.input = job->message.buf;
	cmd.input_len = job->message.len;
	strbuf_limit(errors, ERRORS_MAX);
	if (fault("tag make"))
		return err_sys(err, "cannot make the tag");
	if ((ret = git_cmd_status(&cmd, NULL, errors, &status, err)) < 0)
		return ret;
	return status ? not_made(job, errors, err) : 0;
}

static int read_made(struct tag_job *job, const struct strvec *env,
		     struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	AUTO_STRBUF struct strbuf id = STRBUF_INIT;
	int ret;

	strvec_pushl(&cmd.argv, "rev-parse", "--verify", job->ref, NULL);
	for (size_t i = 0; i < env->nr; i++)
		strvec_push(&cmd.env, env->v[i]);
	cmd.elsewhere = true;
	strbuf_limit(&id, GIT_OID_HEXSZ + 1);
	if ((ret = git_cmd_run(&cmd, &id, err)) < 0)
		return ret;
	if (git_oid_fromstrn(&job->object, id.buf, GIT_OID_HEXSZ) < 0)
		return err_git(err, ERR_FAILED, "cannot make the tag");
	return 0;
}

static int look_at_object(struct tag_job *job, struct err *err)
{
	AUTO_TAG git_tag *tag = NULL;
	const char *text, *signature;

	if (git_tag_lookup(&tag, job->session.repo, &job->object) < 0)
		return err_git(err, ERR_FAILED, "cannot read the tag");
	text = git_tag_message(tag);
	signature = text ? version_tag_signature(text) : NULL;
	job->is_signed = signature != NULL;
	strbuf_reset(&job->message);
	strbuf_addstr(&job->message, text ? text : "");
	if (signature)
		strbuf_setlen(&job->message, (size_t)(signature - text));
	return 0;
}

static bool shall_sign(const struct tag_job *job)
{
	const char *value =
		config_get(&job->session.config, "tag", NULL, "gpgsign");
	bool on;

	return job->session.build.signed_tags ||
	       (value && !gitconfig_bool(value, &on) && on);
}

static int make_object(struct tag_job *job, struct err *err)
{
	AUTO_STRBUF struct strbuf errors = STRBUF_INIT;
	git_repository *repo = job->session.repo;
	AUTO_SCRATCH struct scratch scratch = SCRATCH_INIT;
	AUTO_STRVEC struct strvec env = STRVEC_INIT;
	int ret;

	if ((ret = scratch_open(repo, &scratch, err)) < 0 ||
	    (ret = scratch_repo(&scratch, repo, &env, err)) < 0)
		return ret;
	/* The object is for the repository itself, and one too many at most. */
	strvec_pushf(&env, "GIT_OBJECT_DIRECTORY=%sobjects",
		     git_repository_commondir(repo));
	pass_settings(&job->session.config, &env);
	if ((ret = run_tag(job, &env, &errors, err)) < 0 ||
	    (ret = read_made(job, &env, err)) < 0 ||
	    (ret = look_at_object(job, err)) < 0)
		return ret;
	/* git 2.39 exits 0 when an SSH key is missing, without a signature. */
	return shall_sign(job) && !job->is_signed ? not_made(job, &errors, err)
						  : 0;
}

/* Moves the mark to id; all zero: away with it. */
static int mark(struct tag_job *job, const git_oid *id, struct err *err)
{
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;
	git_oid old = none;

	strbuf_addf(&ref, TAGGING_PREFIX "%s", job->name);
	if (repo_ref_id(job->session.repo, ref.buf, &old, &ignored) < 0 &&
	    git_oid_is_zero(id))
		return 0;
	if (fault("tag mark"))
		return err_sys(err, "cannot update '%s'", ref.buf);
	return repo_ref_swap(job->session.repo, ref.buf, &old, id, NULL, err);
}

static int push(struct tag_job *job, struct err *err)
{
	AUTO_STRVEC struct strvec specs = STRVEC_INIT;

	/* By id: nobody can put another object under a name meanwhile. */
	strvec_pushf(&specs, "%s:%s", git_oid_tostr_s(&job->object), job->ref);
	if (fault("tag push"))
		return err_sys(err, "cannot push");
	return remote_push(job->session.repo, job->branch.remote, NULL, &specs,
			   err);
}

static int unknown(struct tag_job *job, struct err *err)
{
	AUTO_STRBUF struct strbuf why = STRBUF_INIT;

	strbuf_addstr(&why, err->msg.buf);
	err_set(err, ERR_UNKNOWN,
		"it is not known whether '%s' has the tag '%s': %s",
		job->branch.remote, job->name, why.buf);
	return err_hint(err, "git release tag %s, once more, finishes it",
			job->name);
}

/* What the remote has under the name now; zero: nothing. */
static int read_back(struct tag_job *job, git_oid *id, struct err *err)
{
	AUTO_REMOTE_REFS struct remote_refs refs = REMOTE_REFS_INIT;
	AUTO_STRVEC struct strvec patterns = STRVEC_INIT;
	const struct remote_ref *found;

	strvec_push(&patterns, job->ref);
	if (fault("tag read back"))
		return err_sys(err, "cannot read '%s'", job->branch.remote);
	if (remote_list_pushed(job->session.repo, job->branch.remote, &patterns,
			       &refs, err) < 0)
		return err->code;
	found = remote_refs_find(&refs, job->ref);
	*id = found ? found->id : none;
	return 0;
}

/* It is not there: nothing of it stays here. */
static int take_back(struct tag_job *job, const git_oid *there,
		     const struct err *pushed, struct err *err)
{
	AUTO_ERR struct err ignored = ERR_INIT;

	if (mark(job, &none, &ignored) < 0)
		strvec_pushf(&job->warnings, "%s", ignored.msg.buf);
	if (!git_oid_is_zero(there)) {
		err_set(err, ERR_REFUSED,
			"somebody else has pushed '%s' to '%s' meanwhile",
			job->name, job->branch.remote);
		return err_hint(err, "git fetch %s tag %s", job->branch.remote,
				job->name);
	}
	if (pushed->code)
		return err_set(err, ERR_UNDONE, "%s", pushed->msg.buf);
	return err_set(err, ERR_UNDONE,
		       "'%s' took the tag '%s', and then did not have it",
		       job->branch.remote, job->name);
}

static int push_and_prove(struct tag_job *job, struct err *err)
{
	AUTO_ERR struct err pushed = ERR_INIT;
	git_oid there;

	/* Whatever it says, what counts is what the remote then has. */
	if (push(job, &pushed) < 0 &&
	    (pushed.code == ERR_INTERRUPTED || pushed.code == ERR_TERMINATED)) {
		err_set(err, pushed.code, "%s", pushed.msg.buf);
		return unknown(job, err);
	}
	if (read_back(job, &there, err) < 0)
		return unknown(job, err);
	return git_oid_equal(&there, &job->object)
		       ? 0
		       : take_back(job, &there, &pushed, err);
}

/* A fetch may have brought it here before us. */
static int put_here(struct tag_job *job, struct err *err)
{
	AUTO_ERR struct err ignored = ERR_INIT;
	git_oid here = none;
	int ret;

	if (fault("tag here"))
		ret = err_sys(err, "cannot update '%s'", job->ref);
	else
		ret = repo_ref_swap(job->session.repo, job->ref, &none,
				    &job->object, NULL, err);
	if (!ret || (!repo_ref_id(job->session.repo, job->ref, &here, &ignored) &&
		     git_oid_equal(&here, &job->object)))
		return 0;
	err_prefix(err, "the tag is on '%s', but not here", job->branch.remote);
	err->code = ERR_UNKNOWN;
	return err_hint(err, "git release tag %s, once more, finishes it",
			job->name);
}

int tag_job_run(struct tag_job *job, struct err *err)
{
	AUTO_ERR struct err ignored = ERR_INIT;
	int ret;

	ret = job->finishing ? look_at_object(job, err) : make_object(job, err);
	if (ret < 0)
		return ret;
	if (!job->finishing && ((ret = mark(job, &job->object, err)) < 0 ||
				(ret = push_and_prove(job, err)) < 0))
		return ret;
	if ((ret = put_here(job, err)) < 0)
		return ret;
	if (mark(job, &none, &ignored) < 0)
		strvec_pushf(&job->warnings, "%s", ignored.msg.buf);
	return 0;
}
