#include "common/base/base.h"
#include "common/git/checkout.h"

#include "common/git/run_git.h"
#include "common/sys/fault.h"
#include "common/text/quote.h"

#define STATUS_MAX ((size_t)16 << 20)
#define ERRORS_MAX ((size_t)64 << 10)
#define SHOWN	   5

/* Not the caller's: it may stand elsewhere, or in a hook. */
static void in_tree(struct git_cmd *cmd, const struct checkout *c)
{
	strvec_pushl(&cmd->env, "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE",
		     "GIT_COMMON_DIR", "GIT_PREFIX", NULL);
	strvec_pushf(&cmd->argv, "--git-dir=%s", c->tree->git_dir);
	strvec_pushf(&cmd->argv, "--work-tree=%s", c->tree->path);
}

/* 0 or 1 for a command that answers by its exit status. */
static int ask(struct git_cmd *cmd, struct err *err)
{
	AUTO_STRBUF struct strbuf errors = STRBUF_INIT;
	int ret, status;

	strbuf_limit(&errors, ERRORS_MAX);
	if ((ret = git_cmd_status(cmd, NULL, &errors, &status, err)) < 0)
		return ret;
	if (status > 1)
		return git_cmd_failed(err, ERR_FAILED,
				      "cannot look at the work tree", &errors);
	return status == 0;
}

/*
 * 1 when index and files are those of the new commit: somebody was killed
 * after the files had been brought there, and before the branch was.
 */
static int is_there(const struct checkout *c, struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cached = GIT_CMD_INIT;
	AUTO_GIT_CMD struct git_cmd files = GIT_CMD_INIT;
	char to[GIT_OID_HEXSZ + 1];
	int ret;

	git_oid_tostr(to, sizeof(to), &c->to);
	in_tree(&cached, c);
	strvec_pushl(&cached.argv, "diff-index", "--cached", "--quiet",
		     "--ignore-submodules", to, "--", NULL);
	in_tree(&files, c);
	strvec_pushl(&files.argv, "diff-files", "--quiet",
		     "--ignore-submodules", NULL);
	ret = ask(&cached, err);
	return ret == 1 ? ask(&files, err) : ret;
}

/* "'a', 'b' and 3 more" of a NUL-ended list. */
struct file_list {
	struct strbuf text;
	size_t nr;
};

static void list_add(struct file_list *list, const char *path, size_t len)
{
	if (list->nr++ >= SHOWN)
		return;
	strbuf_addstr(&list->text, list->text.len ? ", '" : "'");
	quote_text(&list->text, path, len);
	strbuf_addch(&list->text, '\'');
}

static void list_end(struct file_list *list)
{
	if (list->nr > SHOWN)
		strbuf_addf(&list->text, " and %zu more", list->nr - SHOWN);
}

static int in_use(const struct checkout *c, const char *how,
		  struct file_list *list, const char *advice, struct err *err)
{
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;

	list_end(list);
	quote_text(&path, c->tree->path, strlen(c->tree->path));
	err_set(err, ERR_REFUSED, "'%s' is checked out in '%s' with %s: %s",
		c->branch, path.buf, how, list->text.buf);
	strbuf_release(&list->text);
	return err_hint(err, "%s, then %s", advice, c->again);
}

/* "XY path\0", and for a rename "XY to\0from\0". */
static void take_status(const struct strbuf *out, struct file_list *list)
{
	const char *p = out->buf, *end = p + out->len;

	while (p + 3 < end) {
		bool pair = *p == 'R' || *p == 'C';
		size_t len = strlen(p + 3);

		list_add(list, p + 3, len);
		p += 3 + len + 1;
		if (pair && p < end)
			p += strlen(p) + 1;
	}
}

static int list_changes(const struct checkout *c, struct file_list *list,
			struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	int ret;

	strvec_push(&cmd.argv, "--no-optional-locks");
	in_tree(&cmd, c);
	strvec_pushl(&cmd.argv, "status", "--porcelain", "-z",
		     "--untracked-files=no", "--ignore-submodules=dirty", NULL);
	strbuf_limit(&out, STATUS_MAX);
	if ((ret = git_cmd_run(&cmd, &out, err)) < 0)
		return err_prefix(err, "%s", c->tree->path);
	take_status(&out, list);
	return 0;
}

/* What keeps the new file from its place: its own name, or one above it. */
static bool stands_in_way(int top, git_tree *from, const char *path)
{
	AUTO_STRBUF struct strbuf part = STRBUF_INIT;
	git_tree_entry *entry = NULL;
	struct stat st;

	for (const char *p = path;; p++) {
		bool last;

		p += strcspn(p, "/");
		last = !*p;
		strbuf_reset(&part);
		strbuf_add(&part, path, (size_t)(p - path));
		if (fstatat(top, part.buf, &st, AT_SYMLINK_NOFOLLOW) < 0)
			return false;
		if (S_ISDIR(st.st_mode) && !last)
			continue;
		/* What git tracks there it will take away itself. */
		if (git_tree_entry_bypath(&entry, from, part.buf) < 0)
			return true;
		git_tree_entry_free(entry);
		return false;
	}
}

static void find_in_way(int top, git_tree *from, git_diff *diff,
			struct file_list *list)
{
	for (size_t i = 0; i < git_diff_num_deltas(diff); i++) {
		const git_diff_delta *d = git_diff_get_delta(diff, i);

		if (d->status == GIT_DELTA_ADDED &&
		    stands_in_way(top, from, d->new_file.path))
			list_add(list, d->new_file.path,
				 strlen(d->new_file.path));
	}
}

/* git itself would overwrite one that is ignored. */
static int check_untracked(const struct checkout *c, struct err *err)
{
	AUTO_COMMIT git_commit *one = NULL;
	AUTO_COMMIT git_commit *two = NULL;
	AUTO_TREE git_tree *from = NULL;
	AUTO_TREE git_tree *to = NULL;
	struct file_list list = { .text = STRBUF_INIT };
	git_diff *diff = NULL;
	AUTO_FD int top = open(c->tree->path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (top < 0)
		return err_sys(err, "cannot open '%s'", c->tree->path);
	if (git_commit_lookup(&one, c->repo, &c->from) < 0 ||
	    git_commit_lookup(&two, c->repo, &c->to) < 0 ||
	    git_commit_tree(&from, one) < 0 || git_commit_tree(&to, two) < 0 ||
	    git_diff_tree_to_tree(&diff, c->repo, from, to, NULL) < 0)
		return err_git(err, ERR_FAILED, "cannot compare commits");
	find_in_way(top, from, diff, &list);
	git_diff_free(diff);
	if (!list.nr)
		return 0;
	return in_use(c, "untracked files in the way", &list,
		      "move them elsewhere", err);
}

int checkout_check(const struct checkout *c, struct err *err)
{
	struct file_list list = { .text = STRBUF_INIT };
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;
	int ret;

	if (c->tree->gone) {
		quote_text(&path, c->tree->path, strlen(c->tree->path));
		err_set(err, ERR_REFUSED,
			"'%s' is checked out in '%s', which cannot be reached",
			c->branch, path.buf);
		return err_hint(err, "git worktree prune, if it is gone");
	}
	if ((ret = list_changes(c, &list, err)) < 0)
		return ret;
	if (!list.nr)
		return check_untracked(c, err);
	ret = is_there(c, err);
	if (!ret)
		return in_use(c, "changes", &list, "commit them or git stash",
			      err);
	strbuf_release(&list.text);
	return ret < 0 ? ret : 0;
}

int checkout_move(const struct checkout *c, struct err *err)
{
	AUTO_GIT_CMD struct git_cmd refresh = GIT_CMD_INIT;
	AUTO_GIT_CMD struct git_cmd move = GIT_CMD_INIT;
	AUTO_STRBUF struct strbuf errors = STRBUF_INIT;
	char from[GIT_OID_HEXSZ + 1], to[GIT_OID_HEXSZ + 1];
	int ret, status;

	if (fault("git work tree"))
		return err_sys(err, "%s", c->tree->path);
	git_oid_tostr(from, sizeof(from), &c->from);
	git_oid_tostr(to, sizeof(to), &c->to);
	/* A file that was only touched must not look like an edited one. */
	in_tree(&refresh, c);
	strvec_pushl(&refresh.argv, "update-index", "-q", "--refresh", NULL);
	if ((ret = ask(&refresh, err)) < 0)
		return ret;
	strvec_pushl(&move.argv, "-c", "submodule.recurse=false", NULL);
	in_tree(&move, c);
	strvec_pushl(&move.argv, "read-tree", "-m", "-u", from, to, NULL);
	strbuf_limit(&errors, ERRORS_MAX);
	if ((ret = git_cmd_status(&move, NULL, &errors, &status, err)) < 0)
		return ret;
	if (status)
		return git_cmd_failed(err, ERR_REFUSED,
				      "git cannot update the work tree", &errors);
	return 0;
}
