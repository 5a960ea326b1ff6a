#include "common/base/base.h"
#include "git-release/build_export.h"
#include "git-release/build_tree.h"
#include "common/git/lfs_pointer.h"
#include "common/git/run_git.h"
#include "common/sys/fileio.h"
#include "common/text/quote.h"

#include <signal.h>

static void archive_command(struct git_cmd *cmd, const struct strvec *env,
			    const git_oid *commit, const char *subdirectory)
{
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof(hex), commit);
	strvec_pushl(&cmd->argv, "-c", "core.autocrlf=false", "-c",
		     "core.eol=lf", "-c", "core.attributesFile=/dev/null", "-c",
		     "tar.umask=0022", "--literal-pathspecs", "archive",
		     "--format=tar", hex, NULL);
	/* By path, not "<commit>:<dir>": attributes above it count too. */
	if (subdirectory)
		strvec_pushl(&cmd->argv, "--", subdirectory, NULL);
	for (size_t i = 0; i < env->nr; i++)
		strvec_push(&cmd->env, env->v[i]);
	strvec_pushl(&cmd->env, "GIT_ATTR_NOSYSTEM=1", "GIT_LFS_SKIP_SMUDGE",
		     NULL);
	cmd->elsewhere = true;
}

static size_t components(const char *path)
{
	size_t nr = 0;

	while (*path) {
		size_t n = strcspn(path, "/");

		nr += n > 0;
		path += n;
		path += strspn(path, "/");
	}
	return nr;
}

static int start_tar(const char *subdirectory, int from, int into, int errors,
		     struct proc *p, struct err *err)
{
	AUTO_STRVEC struct strvec argv = STRVEC_INIT;
	AUTO_STRVEC struct strvec env = STRVEC_INIT;
	struct proc_spec spec = PROC_SPEC_INIT;

	strvec_pushl(&argv, "tar", "--extract", "--file=-", "--no-same-owner",
		     "--no-same-permissions", NULL);
	if (subdirectory)
		strvec_pushf(&argv, "--strip-components=%zu",
			     components(subdirectory));
	/* TAR_OPTIONS must not count, nor the language of messages. */
	strvec_pushf(&env, "PATH=%s", getenv("PATH") ? getenv("PATH") : "");
	strvec_push(&env, "LC_ALL=C");
	spec.argv = argv.v;
	spec.env = env.v;
	spec.in = from;
	spec.out = PROC_NULL;
	spec.errors = errors;
	spec.dirfd = into;
	return proc_start(p, &spec, err);
}

static int explain(int errors, const char *what, struct err *err)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;

	strbuf_limit(&text, 64u << 10);
	/* What can be read of it has to do. */
	if (lseek(errors, 0, SEEK_SET) < 0 || read_rest(errors, &text) < 0)
		errno = 0;
	return git_cmd_failed(err, ERR_FAILED, what, &text);
}

static int pour(const struct git_cmd *cmd, const char *subdirectory, int into,
		int errors, struct err *err)
{
	struct proc_spec spec = PROC_SPEC_INIT;
	AUTO_PROC struct proc git = PROC_INIT;
	AUTO_PROC struct proc tar = PROC_INIT;
	struct proc_talk wait = { 0 };
	int ret, git_status = 0, tar_status = 0;

	spec.out = PROC_PIPE;
	spec.errors = errors;
	if ((ret = git_cmd_start(cmd, &spec, &git, err)) < 0 ||
	    (ret = start_tar(subdirectory, git.out, into, errors, &tar, err)) < 0)
		return ret;
	/* Ours is a second reader: it would keep git writing to nobody. */
	close_quietly(TAKE_FD(git.out));
	if ((ret = proc_talk(&tar, &wait, &tar_status, err)) < 0 ||
	    (ret = proc_talk(&git, &wait, &git_status, err)) < 0)
		return ret;
	if (git_status && git_status != 128 + SIGPIPE)
		return explain(errors, "git archive failed", err);
	if (tar_status || git_status)
		return explain(errors, "cannot unpack the export", err);
	return 0;
}

struct pointer_search {
	struct strbuf *found; /* the first one's path, quoted */
};

static int look_for_pointer(const struct build_file *f, void *ctx,
			    struct err *err UNUSED)
{
	struct pointer_search *search = ctx;
	char start[sizeof(LFS_POINTER_START) - 1];
	AUTO_FD int fd = -1;

	if (search->found->len || !S_ISREG(f->st->st_mode) ||
	    f->st->st_size > LFS_POINTER_MAX ||
	    f->st->st_size < (off_t)sizeof(start))
		return 0;
	fd = openat(f->dir, f->name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 ||
	    read_full(fd, start, sizeof(start)) != (ssize_t)sizeof(start))
		return 0;
	if (!memcmp(start, LFS_POINTER_START, sizeof(start)))
		quote_path(search->found, f->path, strlen(f->path), false);
	return 0;
}

static int refuse_pointers(int tree, struct err *err)
{
	AUTO_STRBUF struct strbuf found = STRBUF_INIT;
	struct pointer_search search = { .found = &found };
	int ret;

	if ((ret = build_tree_walk(tree, look_for_pointer, &search, err)) < 0)
		return ret;
	if (!found.len)
		return 0;
	err_set(err, ERR_REFUSED, "'%s' is still a Git LFS pointer", found.buf);
	return err_hint(err, "git lfs install && git lfs fetch --all");
}

int build_export(const struct scratch *scratch, const struct strvec *env,
		 const git_oid *commit, const char *subdirectory, struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	AUTO_FD int tree = -1, errors = -1;
	int ret;

	if (mkdirat(scratch->dir, "tree", 0700) < 0)
		return err_sys(err, "cannot make '%s/tree'", scratch->path);
	tree = openat(scratch->dir, "tree", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	errors = openat(scratch->dir, "errors",
			O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
	if (tree < 0 || errors < 0)
		return err_sys(err, "cannot write in '%s'", scratch->path);
	archive_command(&cmd, env, commit, subdirectory);
	if ((ret = pour(&cmd, subdirectory, tree, errors, err)) < 0)
		return ret;
	return refuse_pointers(tree, err);
}
