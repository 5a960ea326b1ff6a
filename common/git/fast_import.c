#include "common/base/base.h"
#include "common/git/fast_import.h"

#include "common/git/run_git.h"
#include "common/sys/fileio.h"

#define IMPORT_REF "refs/heads/import"

void fast_import_release(struct fast_import *fi)
{
	proc_release(&fi->git);
	if (fi->errors >= 0)
		close_quietly(TAKE_FD(fi->errors));
}

int fast_import_send(struct fast_import *fi, const void *data, size_t len,
		     struct err *err)
{
	if (proc_write(&fi->git, data, len) < 0)
		return err_sys(err, "git fast-import stopped listening");
	return 0;
}

void fast_import_add_path(struct strbuf *out, const char *path)
{
	strbuf_addstr(out, " \"");
	for (; *path; path++) {
		if (*path == '"' || *path == '\\')
			strbuf_addf(out, "\\%c", *path);
		else if (*path == '\n')
			strbuf_addstr(out, "\\n");
		else
			strbuf_addch(out, *path);
	}
	strbuf_addstr(out, "\"\n");
}

int fast_import_start(struct fast_import *fi, const struct scratch *s,
		      const struct strvec *env, struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	struct proc_spec spec = PROC_SPEC_INIT;
	static const char head[] = "feature done\n";
	int ret;

	fi->errors = openat(s->dir, "import-errors",
			    O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fi->errors < 0)
		return err_sys(err, "cannot write in '%s'", s->path);
	strvec_pushl(&cmd.argv, "-c", "fastimport.unpackLimit=0", "-c",
		     "core.bigFileThreshold=16m", "fast-import", "--quiet",
		     "--force", NULL);
	for (size_t i = 0; i < env->nr; i++)
		strvec_push(&cmd.env, env->v[i]);
	cmd.elsewhere = true;
	spec.in = PROC_PIPE;
	spec.out = PROC_NULL;
	spec.errors = fi->errors;
	if ((ret = git_cmd_start(&cmd, &spec, &fi->git, err)) < 0)
		return ret;
	return fast_import_send(fi, head, sizeof(head) - 1, err);
}

int fast_import_commit(struct fast_import *fi, struct err *err)
{
	static const char head[] = "commit " IMPORT_REF "\n"
				   "committer x <x> 0 +0000\n"
				   "data 0\n";

	return fast_import_send(fi, head, sizeof(head) - 1, err);
}

int fast_import_finish(struct fast_import *fi, struct err *err)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	struct proc_talk wait = { 0 };
	int ret, status = 0;

	/* A child that is gone explains itself better than EPIPE does. */
	if (proc_write(&fi->git, "done\n", 5) < 0)
		errno = 0;
	if ((ret = proc_talk(&fi->git, &wait, &status, err)) < 0)
		return ret;
	if (!status)
		return 0;
	strbuf_limit(&text, 64u << 10);
	if (lseek(fi->errors, 0, SEEK_SET) < 0 || read_rest(fi->errors, &text) < 0)
		errno = 0;
	return git_cmd_failed(err, ERR_FAILED, "cannot store the package", &text);
}

int fast_import_tree(const struct scratch *s, git_repository *repo,
		     git_oid *tree, struct err *err)
{
	AUTO_STRBUF struct strbuf hex = STRBUF_INIT;
	AUTO_COMMIT git_commit *commit = NULL;
	AUTO_ODB git_odb *odb = NULL;
	git_oid made;

	if (file_read(s->dir, "repo.git/" IMPORT_REF, 64, &hex, err) < 0)
		return err->code;
	if (git_repository_odb(&odb, repo) < 0 || git_odb_refresh(odb) < 0 ||
	    git_oid_fromstrn(&made, hex.buf, strcspn(hex.buf, "\n")) < 0 ||
	    git_commit_lookup(&commit, repo, &made) < 0)
		return err_git(err, ERR_FAILED, "cannot read what was stored");
	*tree = *git_commit_tree_id(commit);
	return 0;
}
