#include "common/base/base.h"
#include "git-release/record_job.h"

#include "common/git/run_git.h"
#include "common/sys/fault.h"
#include "common/sys/signals.h"

DEFINE_AUTO(git_index *, git_index_free, NULL)
#define AUTO_INDEX CLEANUP(git_index_free_auto)

/* What HEAD has at a path. */
static int head_blob(git_repository *repo, const char *path, git_blob **out,
		     struct err *err)
{
	AUTO_OBJECT git_object *object = NULL;
	AUTO_STRBUF struct strbuf spec = STRBUF_INIT;

	strbuf_addf(&spec, "HEAD:%s", path);
	if (git_revparse_single(&object, repo, spec.buf) < 0 ||
	    git_object_type(object) != GIT_OBJECT_BLOB) {
		err_set(err, ERR_REFUSED, "'%s' has not been committed yet",
			path);
		return err_hint(err, "git add %s && git commit", path);
	}
	*out = (git_blob *)TAKE_PTR(object);
	return 0;
}

/* The id that HEAD's version gets by recording, and nothing else. */
static int recorded_id(struct record_job *job, enum record_part part,
		       const git_blob *blob, git_oid *id, struct err *err)
{
	AUTO_STRBUF struct strbuf before = STRBUF_INIT, after = STRBUF_INIT;
	int ret;

	strbuf_add(&before, git_blob_rawcontent(blob),
		   (size_t)git_blob_rawsize(blob));
	ret = record_apply(job, part, &before, &after, err);
	if (ret < 0)
		return ret;
	if (git_odb_hash(id, after.buf, after.len, GIT_OBJECT_BLOB) < 0)
		return err_git(err, ERR_FAILED, "cannot hash '%s'",
			       job->files[part].path);
	return 0;
}

static int other_changes(const char *path, const char *where, struct err *err)
{
	err_set(err, ERR_REFUSED, "'%s' has other changes that are %s", path,
		where);
	return err_hint(err,
			"commit or stash them first, or leave --commit out");
}

static int check_index(git_repository *repo, const char *path,
		       const git_oid *head, const git_oid *here, struct err *err)
{
	AUTO_INDEX git_index *index = NULL;
	const git_index_entry *e;

	if (git_repository_index(&index, repo) < 0)
		return err_git(err, ERR_FAILED, "cannot read the index");
	e = git_index_get_bypath(index, path, 0);
	if (e && (git_oid_equal(&e->id, head) || git_oid_equal(&e->id, here)))
		return 0;
	return other_changes(path, "staged", err);
}

static int check_one(struct record_job *job, enum record_part part,
		     struct err *err)
{
	git_repository *repo = job->session.repo;
	struct record_file *f = &job->files[part];
	AUTO_BLOB git_blob *blob = NULL;
	const git_oid *head;
	git_oid here;
	int ret;

	if ((ret = head_blob(repo, f->path, &blob, err)) < 0)
		return ret;
	head = git_blob_id(blob);
	/* As git would store it: with line ends and filters undone. */
	if (git_repository_hashfile(&here, repo, f->path, GIT_OBJECT_BLOB,
				    NULL) < 0)
		return err_git(err, ERR_FAILED, "cannot hash '%s'", f->path);
	ret = recorded_id(job, part, blob, &f->recorded, err);
	if (!git_oid_equal(&here, head) &&
	    (ret < 0 || !git_oid_equal(&here, &f->recorded)))
		return other_changes(f->path, "not committed", err);
	if (ret < 0)
		return ret;
	f->commits = !git_oid_equal(&f->recorded, head);
	return check_index(repo, f->path, head, &here, err);
}

int record_check_commit(struct record_job *job, struct err *err)
{
	int ret = 0;

	for (int i = 0; !ret && i < RECORD_PARTS; i++)
		if (job->files[i].path)
			ret = check_one(job, i, err);
	return ret;
}

/*
 * "git commit --only" takes these files from the work tree through an index
 * of its own, and leaves what else is staged as it is. Whatever hooks and git
 * say goes where the person sees it.
 */
static int run_commit(struct record_job *job, int *status, struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	struct proc_spec spec = PROC_SPEC_INIT;
	AUTO_PROC struct proc p = PROC_INIT;
	int ret;

	strvec_pushl(&cmd.argv, "commit", "--quiet", "--only", NULL);
	if (job->options.message)
		strvec_pushf(&cmd.argv, "--message=%s", job->options.message);
	else
		strvec_pushf(&cmd.argv, "--message=Record release %s", job->name);
	strvec_push(&cmd.argv, "--");
	for (int i = 0; i < RECORD_PARTS; i++)
		if (job->files[i].path && job->files[i].commits)
			strvec_pushf(&cmd.argv, ":(top,literal)%s",
				     job->files[i].path);
	cmd.prompts = true;
	spec.out = PROC_NULL;
	if ((ret = git_cmd_start(&cmd, &spec, &p, err)) < 0)
		return ret;
	return proc_talk(&p, &(struct proc_talk){ 0 }, status, err);
}

/* git may have been interrupted behind the very end of its work. */
static bool is_committed(struct record_job *job)
{
	for (int i = 0; i < RECORD_PARTS; i++) {
		const struct record_file *f = &job->files[i];
		AUTO_BLOB git_blob *blob = NULL;
		AUTO_ERR struct err ignored = ERR_INIT;

		if (f->commits &&
		    (head_blob(job->session.repo, f->path, &blob, &ignored) < 0 ||
		     !git_oid_equal(git_blob_id(blob), &f->recorded)))
			return false;
	}
	return true;
}

int record_commit(struct record_job *job, struct err *err)
{
	bool any = false;
	int ret, status = 0;

	for (int i = 0; i < RECORD_PARTS; i++)
		any |= job->files[i].commits;
	if (!any)
		return 0;
	if (fault("record commit"))
		return err_sys(err, "cannot commit");
	ret = run_commit(job, &status, err);
	if ((ret < 0 || status) && !is_committed(job)) {
		if (ret < 0)
			return ret;
		ret = signals_check(err);
		return ret < 0 ? ret
			       : err_set(err, ERR_UNDONE,
					 "git commit failed (exit %d)", status);
	}
	err_release(err);
	job->committed = true;
	return repo_ref_id(job->session.repo, "HEAD", &job->commit, err);
}
