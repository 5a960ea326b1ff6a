#include "common/base/base.h"
#include "git-drift/baseline_refs.h"

#include "common/base/mem.h"
#include "common/git/ref_transaction.h"
#include "common/sys/fault.h"
#include "git-drift/baseline_job.h"
#include "git-drift/vendor_baseline.h"

#define BRANCH_REF "refs/heads/" BASELINE_BRANCH

void baseline_refs_release(struct baseline_refs *refs)
{
	free(refs->tag_ref);
	free(refs->before_name);
	memset(refs, 0, sizeof(*refs));
}

static int read_tag(git_repository *repo, struct baseline_refs *out,
		    struct err *err)
{
	AUTO_OBJECT git_object *commit = NULL;
	AUTO_REF git_reference *ref = NULL;
	int ret = git_reference_lookup(&ref, repo, out->tag_ref);

	if (ret == GIT_ENOTFOUND)
		return 0;
	if (ret == GIT_EINVALIDSPEC)
		return err_set(err, ERR_FAILED, "'%s' cannot be a tag",
			       out->tag_ref);
	if (ret < 0)
		return err_git(err, ERR_FAILED, "cannot read '%s'", out->tag_ref);
	if (git_reference_peel(&commit, ref, GIT_OBJECT_COMMIT) < 0)
		return err_set(err, ERR_REFUSED,
			       "'%s' is there, and names no commit",
			       out->tag_ref);
	out->is_tagged = true;
	out->tagged = *git_object_id(commit);
	return 0;
}

static int checked_out(struct err *err)
{
	err_set(err, ERR_REFUSED,
		"the branch '" BASELINE_BRANCH "' is checked out: its files "
		"would not follow it");
	return err_hint(err, "git switch <another branch>");
}

/* Checked out, with no commit yet? */
static bool is_begun(git_repository *repo)
{
	AUTO_REF git_reference *head = NULL;
	const char *branch;

	if (git_repository_is_bare(repo) ||
	    git_reference_lookup(&head, repo, "HEAD") < 0)
		return false;
	branch = git_reference_symbolic_target(head);
	return branch && !strcmp(branch, BRANCH_REF);
}

static int read_branch(git_repository *repo, struct baseline_refs *out,
		       struct err *err)
{
	AUTO_REF git_reference *ref = NULL;
	int ret = git_reference_lookup(&ref, repo, BRANCH_REF);

	if (ret == GIT_ENOTFOUND)
		return is_begun(repo) ? checked_out(err) : 0;
	if (ret < 0)
		return err_git(err, ERR_FAILED, "cannot read '" BRANCH_REF "'");
	if (!git_reference_target(ref))
		return err_set(err, ERR_REFUSED,
			       "'" BRANCH_REF "' stands for another branch");
	if (!out->is_tagged && git_branch_is_checked_out(ref) == 1)
		return checked_out(err);
	out->has_before = true;
	out->branch = out->before = *git_reference_target(ref);
	out->before_name = xstrdup(BASELINE_BRANCH);
	return 0;
}

/* Of the line itself; or baselines that were tagged by hand, no branch yet. */
static int read_before(git_repository *repo, const char *pattern,
		       struct baseline_refs *out, struct err *err)
{
	const struct baseline_query newest = { .pattern = pattern };
	AUTO_VENDOR_BASELINE struct vendor_baseline b = VENDOR_BASELINE_INIT;
	AUTO_ERR struct err none = ERR_INIT;
	int ret = vendor_baseline_find(repo, &newest, &b, &none);

	if (ret == ERR_NOTFOUND)
		return 0;
	if (ret < 0)
		return err_set(err, ret, "%s", none.msg.buf);
	if (!out->has_before) {
		out->has_before = true;
		out->before = b.commit;
	}
	if (git_oid_equal(&out->before, &b.commit)) {
		free(out->before_name);
		out->before_name = TAKE_PTR(b.name);
	}
	return 0;
}

int baseline_refs_read(git_repository *repo, const char *pattern, const char *tag,
		       struct baseline_refs *out, struct err *err)
{
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;

	strbuf_addf(&ref, "refs/tags/%s", tag);
	out->tag_ref = strbuf_detach(&ref);
	if (read_tag(repo, out, err) < 0 || read_branch(repo, out, err) < 0)
		return err->code;
	return read_before(repo, pattern, out, err);
}

int baseline_refs_set(git_repository *repo, const struct baseline_refs *refs,
		      struct err *err)
{
	AUTO_REF_TRANSACTION struct ref_transaction tx = REF_TRANSACTION_INIT;
	AUTO_STRBUF struct strbuf message = STRBUF_INIT;
	static const git_oid none;

	strbuf_addf(&message, "drift baseline: %s",
		    refs->tag_ref + strlen("refs/tags/"));
	if (fault("set baseline refs"))
		return err_sys(err, "cannot set the tag");
	if (ref_transaction_start(&tx, repo, message.buf, err) < 0 ||
	    ref_transaction_move(&tx, refs->tag_ref, &none, &refs->tag, err) < 0 ||
	    ref_transaction_move(&tx, BRANCH_REF, &refs->branch, &refs->commit,
				 err) < 0 ||
	    ref_transaction_prepare(&tx, err) < 0)
		return err->code;
	return ref_transaction_commit(&tx, err);
}
