#include "common/base/base.h"
#include "common/git/repo.h"

#include <pthread.h>

int err_git(struct err *err, int code, const char *fmt, ...)
{
	/* Read it now: the next libgit2 call may overwrite or clear it. */
	const git_error *last = git_error_last();
	va_list ap;

	err->code = code;
	strbuf_reset(&err->msg);
	strbuf_reset(&err->hint);
	va_start(ap, fmt);
	strbuf_vaddf(&err->msg, fmt, ap);
	va_end(ap);
	if (last && last->message && *last->message)
		strbuf_addf(&err->msg, ": %s", last->message);
	return code;
}

static int start_result;

static void start_once(void)
{
	/*
	 * Extensions git has long had that change nothing for us: libgit2
	 * 1.5 refuses a repository that names one it was not told of. Blobs
	 * a partial clone left out are noticed where they are missed.
	 */
	const char *known[] = { "worktreeconfig", "partialclone",
				"preciousobjects" };

	start_result = git_libgit2_init();
	if (start_result < 0)
		return;
	start_result = git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, known,
					ARRAY_SIZE(known));
}

static int start(struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, start_once);
	if (start_result < 0)
		return err_git(err, ERR_FAILED, "cannot start libgit2");
	return 0;
}

/* libgit2 1.5 names the setting that it missed, and not why it looked. */
static bool of_another_user(const char *why)
{
	return strstr(why, "not owned by") || strstr(why, "safe.directory");
}

static const char *why_not(void)
{
	const git_error *last = git_error_last();

	return last && last->message ? last->message : "";
}

/* What libgit2 says of these is true, but says nobody what to do. */
static int explain(struct err *err, const char *where)
{
	const char *why = why_not();

	if (strstr(why, "objectformat") || strstr(why, "object format"))
		return err_set(err, ERR_FAILED,
			       "%s has another object format than SHA-1, "
			       "which is not supported",
			       where);
	if (strstr(why, "refstorage")) {
		err_set(err, ERR_FAILED,
			"%s keeps its refs in another format than 'files', "
			"which is not supported",
			where);
		return err_hint(err, "git refs migrate --ref-format=files");
	}
	if (of_another_user(why)) {
		err_set(err, ERR_FAILED, "%s belongs to another user", where);
		return err_hint(err, "git config --global --add "
				     "safe.directory <path>");
	}
	return err_git(err, ERR_FAILED, "cannot open %s", where);
}

/* A submodule or linked work tree has a file ".git"; libgit2 follows it. */
static int open_env(git_repository **out, const char *git_dir, struct err *err)
{
	const char *work_tree = getenv("GIT_WORK_TREE");
	AUTO_REPO git_repository *repo = NULL;

	if (git_repository_open_ext(&repo, git_dir,
				    GIT_REPOSITORY_OPEN_NO_SEARCH, NULL) < 0)
		return explain(err, "the repository in $GIT_DIR");
	/* libgit2's OPEN_FROM_ENV fails when this one is set. */
	if (work_tree && *work_tree &&
	    git_repository_set_workdir(repo, work_tree, 0) < 0)
		return err_git(err, ERR_FAILED, "cannot use $GIT_WORK_TREE");
	*out = TAKE_PTR(repo);
	return 0;
}

int repo_open_at(git_repository **out, const char *path, struct err *err)
{
	AUTO_REPO git_repository *repo = NULL;
	int ret;

	if ((ret = start(err)) < 0)
		return ret;
	ret = git_repository_open_ext(&repo, path, 0,
				      getenv("GIT_CEILING_DIRECTORIES"));
	if (ret == GIT_ENOTFOUND && !of_another_user(why_not()))
		return err_set(err, ERR_FAILED, "not a git repository");
	if (ret < 0)
		return explain(err, "the repository");
	*out = TAKE_PTR(repo);
	return 0;
}

int repo_open(git_repository **out, struct err *err)
{
	const char *git_dir = getenv("GIT_DIR");
	int ret;

	if ((ret = start(err)) < 0)
		return ret;
	if (git_dir && *git_dir)
		return open_env(out, git_dir, err);
	return repo_open_at(out, ".", err);
}

void repo_trust_objects(void)
{
	(void)git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
}

int repo_sync_writes(struct err *err)
{
	if (git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1) < 0)
		return err_git(err, ERR_FAILED, "cannot write safely");
	return 0;
}

int repo_sync_objects(git_repository *repo, struct err *err)
{
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;
	AUTO_FD int fd = -1;

	strbuf_addf(&path, "%sobjects", git_repository_commondir(repo));
	fd = open(path.buf, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || syncfs(fd) < 0)
		return err_sys(err, "cannot write '%s'", path.buf);
	return 0;
}

void repo_state_path(git_repository *repo, const char *name, struct strbuf *out)
{
	/* libgit2 ends it with a slash. */
	strbuf_addf(out, "%sgit-release/%s", git_repository_commondir(repo),
		    name);
}

int repo_ref_id(git_repository *repo, const char *ref, git_oid *id,
		struct err *err)
{
	git_oid found;
	int ret = git_reference_name_to_id(&found, repo, ref);

	if (ret == GIT_ENOTFOUND)
		return err_set(err, ERR_NOTFOUND, "there is no '%s'", ref);
	if (ret < 0)
		return err_git(err, ERR_FAILED, "cannot read '%s'", ref);
	*id = found;
	return 0;
}

static int moved(struct err *err, const char *ref)
{
	return err_set(err, ERR_REFUSED, "'%s' was changed by somebody else",
		       ref);
}

static int delete_ref(git_repository *repo, const char *ref, const git_oid *old,
		      struct err *err)
{
	AUTO_REF git_reference *found = NULL;
	int ret = git_reference_lookup(&found, repo, ref);

	if (ret == GIT_ENOTFOUND)
		return moved(err, ref);
	if (ret < 0)
		return err_git(err, ERR_FAILED, "cannot read '%s'", ref);
	if (!git_reference_target(found) ||
	    !git_oid_equal(git_reference_target(found), old))
		return moved(err, ref);
	/* git_reference_delete() fails when the ref moved since the lookup. */
	ret = git_reference_delete(found);
	if (ret == GIT_EMODIFIED)
		return moved(err, ref);
	if (ret < 0)
		return err_git(err, ERR_FAILED, "cannot delete '%s'", ref);
	return 0;
}

int repo_ref_swap(git_repository *repo, const char *ref, const git_oid *old,
		  const git_oid *id, const char *message, struct err *err)
{
	AUTO_REF git_reference *made = NULL;
	int ret;

	if (git_oid_is_zero(id))
		return delete_ref(repo, ref, old, err);
	if (message && git_reference_ensure_log(repo, ref) < 0)
		return err_git(err, ERR_FAILED, "cannot write the log of '%s'",
			       ref);
	if (git_oid_is_zero(old))
		ret = git_reference_create(&made, repo, ref, id, 0, message);
	else
		ret = git_reference_create_matching(&made, repo, ref, id, 1,
						    old, message);
	if (ret == GIT_EEXISTS || ret == GIT_EMODIFIED || ret == GIT_ENOTFOUND)
		return moved(err, ref);
	if (ret < 0)
		return err_git(err, ERR_FAILED, "cannot update '%s'", ref);
	return 0;
}
