#include "common/base/base.h"
#include "git-release/branch-sync/finish.h"
#include "common/base/mem.h"
#include "common/git/run_git.h"
#include "common/model/settings_typed.h"
#include "common/sys/fault.h"
#include "common/text/quote.h"

#define STATUS_MAX ((size_t)16 << 20)

struct changes {
	size_t tracked, untracked;
};

static int count_changes(const struct sync_job *job, const char *untracked,
			 struct changes *out, struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	int ret;

	strvec_push(&cmd.argv, "--no-optional-locks");
	strvec_pushf(&cmd.argv, "--work-tree=%s",
		     git_repository_workdir(job->repo));
	strvec_pushl(&cmd.argv, "status", "--porcelain", "--no-renames",
		     untracked, NULL);
	cmd.repo = job->repo;
	strbuf_limit(&text, STATUS_MAX);
	if ((ret = git_cmd_run(&cmd, &text, err)) < 0)
		return ret;
	for (const char *p = text.buf; *p; p += *p == '\n') {
		if (!strncmp(p, "?? ", 3))
			out->untracked++;
		else
			out->tracked++;
		p += strcspn(p, "\n");
	}
	return 0;
}

static const struct worktree *this_tree(const struct sync_job *job)
{
	const char *git_dir = git_repository_path(job->repo);

	for (size_t i = 0; i < job->trees.nr; i++)
		if (!strcmp(job->trees.v[i].git_dir, git_dir))
			return &job->trees.v[i];
	return NULL;
}

/* Its branch moves, so that sync_local_check() has looked at it already. */
static bool tree_moves(const struct sync_job *job)
{
	const struct worktree *tree = this_tree(job);

	for (size_t i = 0; tree && tree->head && i < job->nr; i++)
		if (!strcmp(job->branches[i].ref, tree->head))
			return sync_moves_local(&job->branches[i]);
	return false;
}

static int check_place(const struct sync_job *job, struct err *err)
{
	const char *branch = job->finish;
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	const struct worktree *there;

	strbuf_addf(&ref, "refs/heads/%s", branch);
	there = worktrees_find(&job->trees, ref.buf);
	if (there && there != this_tree(job))
		return err_set(err, ERR_REFUSED,
			       "'%s' is checked out in '%s' already", branch,
			       there->path ? there->path : there->git_dir);
	if (git_repository_state(job->repo) == GIT_REPOSITORY_STATE_NONE)
		return 0;
	err_set(err, ERR_REFUSED,
		"something is under way in this work tree: it cannot be "
		"switched to '%s'",
		branch);
	return err_hint(err, "git status says how to end it");
}

int finish_check(const struct sync_job *job, struct err *err)
{
	struct changes changes = { 0 };
	int ret;

	if (!git_repository_workdir(job->repo))
		return err_set(err, ERR_FAILED,
			       "--finish needs a work tree, and this "
			       "repository is bare");
	if ((ret = check_place(job, err)) < 0)
		return ret;
	if (!tree_moves(job) &&
	    (ret = count_changes(job, "-uno", &changes, err)) < 0)
		return ret;
	if (!changes.tracked)
		return 0;
	err_set(err, ERR_REFUSED,
		"the work tree has changes: it would not be clean on '%s'",
		job->finish);
	return err_hint(err, "commit them or git stash, then git branch-sync "
			     "again");
}

int finish_switch(const struct sync_job *job, struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;

	/*
	 * Unlike --track, which fails where the branch is not one of those
	 * that are usually fetched (git clone --single-branch).
	 */
	if (!job->finish_is_here)
		strvec_pushl(&cmd.argv, "-c", "branch.autoSetupMerge=true", NULL);
	strvec_pushf(&cmd.argv, "--work-tree=%s",
		     git_repository_workdir(job->repo));
	/* Ignored files that are in the way are somebody's, too. */
	strvec_pushl(&cmd.argv, "checkout", "--quiet", "--no-overwrite-ignore",
		     NULL);
	if (!job->finish_is_here) {
		strvec_pushl(&cmd.argv, "-b", job->finish, NULL);
		strvec_pushf(&cmd.argv, "refs/remotes/%s/%s", job->remote,
			     job->finish);
	} else {
		strvec_pushl(&cmd.argv, job->finish, "--", NULL);
	}
	cmd.repo = job->repo;
	if (fault("finish switch"))
		return err_sys(err, "cannot switch");
	if (!git_cmd_run(&cmd, NULL, err))
		return 0;
	err_prefix(err, "'%s' cannot be checked out", job->finish);
	return err_hint(err, "git switch %s", job->finish);
}

static int run_one(int dir, const char *command, struct err *err)
{
	AUTO_STRVEC struct strvec argv = STRVEC_INIT;
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;
	struct proc_spec spec = PROC_SPEC_INIT;
	const struct proc_talk talk = { 0 };
	AUTO_PROC struct proc p = PROC_INIT;
	int ret, status = 0;

	strvec_pushl(&argv, "sh", "-c", command, NULL);
	spec.argv = argv.v;
	spec.dirfd = dir;
	spec.out = STDERR_FILENO;
	if ((ret = proc_start(&p, &spec, err)) < 0 ||
	    (ret = proc_talk(&p, &talk, &status, err)) < 0)
		return ret;
	if (!status)
		return 0;
	quote_text(&shown, command, strlen(command));
	err_set(err, ERR_FAILED, "'%s' (branchsync.finish) failed with status %d",
		shown.buf, status);
	return err_hint(err, "mend it and run it by hand, and what is behind "
			     "it in git config --get-all branchsync.finish");
}

int finish_run(const struct sync_job *job, struct err *err)
{
	const struct settings_key *key =
		settings_key_find("branchsync", "finish");
	AUTO_STRVEC struct strvec commands = STRVEC_INIT;
	AUTO_FD int dir = open(git_repository_workdir(job->repo),
			       O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ret = 0;

	if (dir < 0)
		return err_sys(err, "cannot open the work tree");
	settings_texts(&job->settings, key, NULL, &commands);
	for (size_t i = 0; !ret && i < commands.nr; i++)
		ret = run_one(dir, commands.v[i], err);
	return ret;
}

struct tag_search {
	const struct sync_job *job;
	bool found;
};

static int look_at_tag(const char *name UNUSED, git_oid *id, void *ctx)
{
	struct tag_search *s = ctx;
	AUTO_TAG git_tag *tag = NULL;

	/* A lightweight tag is no version. */
	if (!git_tag_lookup(&tag, s->job->repo, id))
		s->found |= git_oid_equal(git_tag_target_id(tag),
					  &s->job->source) != 0;
	return s->found;
}

static void add_things(struct strvec *out, size_t n, const char *what,
		       const char *command)
{
	if (n)
		strvec_pushf(out, "%zu %s%s: %s", n, what, n == 1 ? "" : "s",
			     command);
}

int finish_left(const struct sync_job *job, struct strvec *out, struct err *err)
{
	struct tag_search search = { .job = job };
	struct changes changes = { 0 };
	git_oid stash;
	char hex[8];
	int ret;

	if ((ret = count_changes(job, "-unormal", &changes, err)) < 0)
		return ret;
	add_things(out, changes.tracked, "changed file", "git status");
	add_things(out, changes.untracked, "untracked file", "git status");
	if (!git_reference_name_to_id(&stash, job->repo, "refs/stash"))
		strvec_push(out, "changes that were put aside: git stash list");
	if (git_tag_foreach(job->repo, look_at_tag, &search) < 0)
		return err_git(err, ERR_FAILED, "cannot read the tags");
	git_oid_tostr(hex, sizeof(hex), &job->source);
	if (!search.found)
		strvec_pushf(out,
			     "no version names %s (%s): git release tag "
			     "<version>",
			     job->from, hex);
	return 0;
}
