#include "common/base/base.h"
#include "common/git/worktrees.h"
#include "common/base/mem.h"
#include "common/sys/dirstream.h"
#include "common/sys/fileio.h"

#define DIRFLAG	 (O_RDONLY | O_DIRECTORY | O_CLOEXEC)
#define FILE_MAX (64u << 10)
#define HEADS	 "refs/heads/"

void worktrees_release(struct worktrees *trees)
{
	for (size_t i = 0; i < trees->nr; i++) {
		free(trees->v[i].git_dir);
		free(trees->v[i].path);
		free(trees->v[i].head);
	}
	free(trees->v);
	*trees = (struct worktrees)WORKTREES_INIT;
}

/* The first line of a file, or false. */
static bool first_line(int dir, const char *name, struct strbuf *out)
{
	AUTO_ERR struct err ignored = ERR_INIT;

	strbuf_reset(out);
	if (file_read(dir, name, FILE_MAX, out, &ignored) < 0)
		return false;
	strbuf_setlen(out, strcspn(out->buf, "\n"));
	return true;
}

static int read_head(struct worktree *tree, struct err *err)
{
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;
	AUTO_FD int dir = open(tree->git_dir, DIRFLAG);

	if (dir < 0)
		return err_sys(err, "cannot open '%s'", tree->git_dir);
	if (!first_line(dir, "HEAD", &line))
		return err_set(err, ERR_FAILED, "cannot read '%sHEAD'",
			       tree->git_dir);
	if (!strncmp(line.buf, "ref: ", 5))
		tree->head = xstrdup(line.buf + 5);
	return 0;
}

static struct worktree *add(struct worktrees *trees, const char *git_dir)
{
	ALLOC_GROW(trees->v, trees->nr + 1, trees->alloc);
	trees->v[trees->nr] = (struct worktree){ .git_dir = xstrdup(git_dir) };
	return &trees->v[trees->nr++];
}

/* Seen from a linked work tree, too, this is the repository's own. */
static int add_main(git_repository *repo, struct worktrees *out, struct err *err)
{
	const char *common = git_repository_commondir(repo);
	AUTO_REPO git_repository *owner = NULL;
	struct worktree *tree = add(out, common);
	const char *path;

	if (git_repository_is_worktree(repo) &&
	    git_repository_open(&owner, common) < 0)
		return err_git(err, ERR_FAILED, "cannot open '%s'", common);
	path = git_repository_workdir(owner ? owner : repo);
	if (path)
		tree->path = xstrdup(path);
	tree->gone = path && access(path, F_OK) < 0;
	return read_head(tree, err);
}

/* "gitdir" names the file .git in the work tree, absolute or from here. */
static int add_linked(const char *git_dir, struct worktrees *out, struct err *err)
{
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;
	AUTO_FD int dir = open(git_dir, DIRFLAG);
	struct worktree *tree;

	/* What is no work tree is git's own business to prune. */
	if (dir < 0 || !first_line(dir, "gitdir", &line))
		return 0;
	tree = add(out, git_dir);
	if (*line.buf != '/')
		strbuf_addstr(&path, git_dir);
	strbuf_addstr(&path, line.buf);
	tree->gone = access(path.buf, F_OK) < 0;
	if (path.len > 5 && !strcmp(path.buf + path.len - 5, "/.git"))
		strbuf_setlen(&path, path.len - 4);
	tree->path = strbuf_detach(&path);
	return read_head(tree, err);
}

int worktrees_list(git_repository *repo, struct worktrees *out, struct err *err)
{
	AUTO_STRBUF struct strbuf folder = STRBUF_INIT;
	struct dirent *e;
	int ret = add_main(repo, out, err);
	DIR *d;

	strbuf_addf(&folder, "%sworktrees/", git_repository_commondir(repo));
	if (ret < 0 || !(d = dirstream_take(open(folder.buf, DIRFLAG))))
		return ret;
	while (!ret && (e = dirstream_next(d))) {
		AUTO_STRBUF struct strbuf git_dir = STRBUF_INIT;

		strbuf_addf(&git_dir, "%s%s/", folder.buf, e->d_name);
		ret = add_linked(git_dir.buf, out, err);
	}
	closedir(d);
	return ret;
}

const struct worktree *worktrees_find(const struct worktrees *trees,
				      const char *ref)
{
	for (size_t i = 0; i < trees->nr; i++)
		if (trees->v[i].head && !strcmp(trees->v[i].head, ref))
			return &trees->v[i];
	return NULL;
}

static bool names(int dir, const char *file, const char *ref)
{
	AUTO_STRBUF struct strbuf line = STRBUF_INIT;

	return first_line(dir, file, &line) && !strcmp(line.buf, ref);
}

/* "git rebase --update-refs" will move every branch in this list. */
static bool lists(int dir, const char *file, const char *ref)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;
	size_t len = strlen(ref);

	if (file_read(dir, file, 16 * FILE_MAX, &text, &ignored) < 0)
		return false;
	for (const char *p = text.buf; *p; p += *p == '\n') {
		size_t n = strcspn(p, "\n");

		if (n == len && !memcmp(p, ref, n))
			return true;
		p += n;
	}
	return false;
}

static bool has(int dir, const char *name)
{
	return !faccessat(dir, name, F_OK, AT_SYMLINK_NOFOLLOW);
}

const char *worktree_busy(const struct worktree *tree, const char *ref)
{
	AUTO_FD int dir = open(tree->git_dir, DIRFLAG);
	size_t skip = strncmp(ref, HEADS, strlen(HEADS)) ? 0 : strlen(HEADS);

	if (dir < 0)
		return NULL;
	if (names(dir, "rebase-merge/head-name", ref) ||
	    names(dir, "rebase-apply/head-name", ref) ||
	    lists(dir, "rebase-merge/update-refs", ref))
		return "a rebase";
	if (names(dir, "BISECT_START", ref + skip))
		return "a bisect";
	if (!tree->head || strcmp(tree->head, ref))
		return NULL;
	if (has(dir, "rebase-apply/applying"))
		return "git am";
	if (has(dir, "MERGE_HEAD"))
		return "a merge";
	if (has(dir, "CHERRY_PICK_HEAD"))
		return "a cherry-pick";
	return has(dir, "REVERT_HEAD") ? "a revert" : NULL;
}
