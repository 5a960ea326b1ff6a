#include "common/base/base.h"
#include "git-release/branch-sync/tip.h"
#include "common/base/mem.h"
#include "common/git/run_git.h"

/* An id for each of many commits. */
#define OUTPUT_MAX ((size_t)64 << 20)

void tip_workshop_release(struct tip_workshop *shop)
{
	strvec_release(&shop->env);
	scratch_release(&shop->scratch);
}

static int open_workshop(struct tip_workshop *shop, struct err *err)
{
	int ret;

	if (shop->env.nr)
		return 0;
	if ((ret = scratch_open(shop->repo, &shop->scratch, err)) < 0 ||
	    (ret = scratch_repo(&shop->scratch, shop->repo, &shop->env, err)) < 0)
		return ret;
	/* Never seen by anybody, but git insists. */
	strvec_pushl(&shop->env, "GIT_AUTHOR_NAME=x", "GIT_AUTHOR_EMAIL=x",
		     "GIT_COMMITTER_NAME=x", "GIT_COMMITTER_EMAIL=x", NULL);
	return 0;
}

/* 1 when merging its parents gives just what this merge has. */
static int merge_is_plain(git_repository *repo, git_commit *merge, struct err *err)
{
	AUTO_COMMIT git_commit *ours = NULL;
	AUTO_COMMIT git_commit *theirs = NULL;
	AUTO_TREE git_tree *tree = NULL;
	git_index *index = NULL;
	git_diff *diff = NULL;
	int plain = -1;

	if (git_commit_parentcount(merge) != 2)
		return 0;
	if (!git_commit_parent(&ours, merge, 0) &&
	    !git_commit_parent(&theirs, merge, 1) &&
	    !git_commit_tree(&tree, merge) &&
	    !git_merge_commits(&index, repo, ours, theirs, NULL)) {
		if (git_index_has_conflicts(index))
			plain = 0;
		else if (!git_diff_tree_to_index(&diff, repo, tree, index, NULL))
			plain = !git_diff_num_deltas(diff);
	}
	git_diff_free(diff);
	git_index_free(index);
	return plain < 0 ? err_git(err, ERR_FAILED, "cannot merge anew") : plain;
}

/*
 * 1 when there is a twin of every commit. A merge has no patch of its own and
 * therefore no twin; it counts when it adds nothing to what it merges.
 */
static int all_twins(git_repository *repo, const struct tip *tip, struct err *err)
{
	int ret = 1;

	for (size_t i = 0; i < tip->nr; i++)
		if (!tip->commits[i].twin && tip->commits[i].parents < 2)
			return 0;
	for (size_t i = 0; ret == 1 && i < tip->nr; i++) {
		AUTO_COMMIT git_commit *merge = NULL;
		git_oid id;

		if (tip->commits[i].parents < 2)
			continue;
		if (git_oid_fromstr(&id, tip->commits[i].id) < 0 ||
		    git_commit_lookup(&merge, repo, &id) < 0)
			return err_git(err, ERR_FAILED, "cannot read a merge");
		ret = merge_is_plain(repo, merge, err);
	}
	return ret;
}

static int run_in_workshop(struct tip_workshop *shop, struct git_cmd *cmd,
			   struct strbuf *out, struct err *err)
{
	for (size_t i = 0; i < shop->env.nr; i++)
		strvec_push(&cmd->env, shop->env.v[i]);
	cmd->elsewhere = true;
	strbuf_limit(out, OUTPUT_MAX);
	return git_cmd_run(cmd, out, err);
}

/* All that the branch changed since it left the source, as one commit. */
static int squash(struct tip_workshop *shop, git_commit *tip,
		  const git_oid *base, struct strbuf *out, struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	char tree[GIT_OID_HEXSZ + 1], parent[GIT_OID_HEXSZ + 1];
	int ret;

	git_oid_tostr(tree, sizeof(tree), git_commit_tree_id(tip));
	git_oid_tostr(parent, sizeof(parent), base);
	strvec_pushl(&cmd.argv, "commit-tree", tree, "-p", parent, "-m", "x",
		     NULL);
	if ((ret = run_in_workshop(shop, &cmd, out, err)) < 0)
		return ret;
	strbuf_setlen(out, strcspn(out->buf, "\n"));
	return 0;
}

static int has_twin(struct tip_workshop *shop, const char *source,
		    const char *squashed, struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	int ret;

	strvec_pushl(&cmd.argv, "cherry", source, squashed, NULL);
	ret = run_in_workshop(shop, &cmd, &out, err);
	return ret < 0 ? ret : *out.buf == '-';
}

/* The source's commit that git marks as the squashed one's twin. */
static int find_twin(struct tip_workshop *shop, const git_oid *source,
		     const char *squashed, struct tip *tip, struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	char from[GIT_OID_HEXSZ + 1];
	int ret;

	git_oid_tostr(from, sizeof(from), source);
	if ((ret = has_twin(shop, from, squashed, err)) <= 0)
		return ret;
	strvec_pushl(&cmd.argv, "rev-list", "--no-commit-header", "--no-merges",
		     "--format=%m%H", "--cherry-mark", NULL);
	strvec_pushf(&cmd.argv, "%s...%s", from, squashed);
	if ((ret = run_in_workshop(shop, &cmd, &out, err)) < 0)
		return ret;
	for (const char *p = out.buf; *p; p += *p == '\n') {
		size_t len = strcspn(p, "\n");

		if (*p == '=' && len == 1 + GIT_OID_HEXSZ &&
		    strncmp(p + 1, squashed, GIT_OID_HEXSZ) != 0)
			memcpy(tip->squashed, p + 1, GIT_OID_HEXSZ);
		p += len;
	}
	return 0;
}

static int find_squash(struct tip_workshop *shop, const git_oid *source,
		       struct tip *tip, struct err *err)
{
	AUTO_COMMIT git_commit *ours = NULL;
	AUTO_COMMIT git_commit *base = NULL;
	AUTO_STRBUF struct strbuf squashed = STRBUF_INIT;
	git_oid base_id;
	int ret = git_merge_base(&base_id, shop->repo, source, &tip->id);

	if (ret == GIT_ENOTFOUND)
		return 0;
	if (ret < 0 || git_commit_lookup(&base, shop->repo, &base_id) < 0 ||
	    git_commit_lookup(&ours, shop->repo, &tip->id) < 0)
		return err_git(err, ERR_FAILED, "cannot find where it left");
	/* Nothing is left of what it did: no patch, and no twin of it. */
	if (git_oid_equal(git_commit_tree_id(base), git_commit_tree_id(ours)))
		return 0;
	if ((ret = open_workshop(shop, err)) < 0 ||
	    (ret = squash(shop, ours, &base_id, &squashed, err)) < 0)
		return ret;
	return find_twin(shop, source, squashed.buf, tip, err);
}

static int same_tree(git_repository *repo, const git_oid *a, const git_oid *b,
		     struct err *err)
{
	AUTO_COMMIT git_commit *one = NULL;
	AUTO_COMMIT git_commit *two = NULL;

	if (git_commit_lookup(&one, repo, a) < 0 ||
	    git_commit_lookup(&two, repo, b) < 0)
		return err_git(err, ERR_FAILED, "cannot read a commit");
	return git_oid_equal(git_commit_tree_id(one), git_commit_tree_id(two));
}

int tip_explain(struct tip_workshop *shop, const git_oid *source,
		struct tip *tip, struct err *err)
{
	int ret;

	tip->unexplained = tip->ahead + tip->behind > TIP_COMPARE_MAX;
	if ((ret = tip_list(shop->repo, source, tip, err)) < 0)
		return ret;
	if (tip->class == TIP_AHEAD)
		return 0;
	if ((ret = same_tree(shop->repo, source, &tip->id, err)) < 0)
		return ret;
	if (ret) {
		tip->class = TIP_SAME_TREE;
		return 0;
	}
	if (tip->unexplained)
		return 0;
	if ((ret = all_twins(shop->repo, tip, err)) < 0)
		return ret;
	if (!ret && (ret = find_squash(shop, source, tip, err)) < 0)
		return ret;
	if (ret || *tip->squashed)
		tip->class = TIP_TWINS;
	return 0;
}
