#include "common/base/base.h"
#include "git-release/pending.h"

#include "common/base/mem.h"
#include "common/git/revision.h"
#include "common/git/run_git.h"
#include "common/model/settings_typed.h"
#include "git-release/package_build.h"

#define NAMES_MAX ((size_t)256 << 20)

static void add(struct pending *p, char status, const char *path)
{
	ALLOC_GROW(p->files, p->nr_files + 1, p->alloc_files);
	p->files[p->nr_files++] = (struct pending_file){
		.status = status,
		.path = xstrdup(path),
	};
}

static int compare(struct pending *p, const git_oid *old_tree,
		   const git_oid *new_tree, struct err *err)
{
	AUTO_TREE_DELTA struct tree_delta delta = TREE_DELTA_INIT;
	int ret;

	ret = tree_delta_find(p->session.repo, old_tree, new_tree, &delta, err);
	if (ret < 0)
		return ret;
	for (size_t i = 0; i < delta.nr; i++)
		add(p, delta.v[i].status, delta.v[i].path);
	return 0;
}

/* A package of the tip, if somebody has made one. */
static bool find_candidate(struct pending *p, git_oid *tree, struct err *err)
{
	git_reference_iterator *it;
	git_reference *ref;
	bool found = false;

	if (git_reference_iterator_glob_new(&it, p->session.repo,
					    PACKAGE_REF_PREFIX "*") < 0)
		return false;
	while (!found && !git_reference_next(&ref, it)) {
		const git_oid *id = git_reference_target(ref);
		AUTO_PACKAGE struct package pkg = PACKAGE_INIT;

		if (id && !package_read(p->session.repo, id, &pkg, err) &&
		    git_oid_equal(&pkg.commit, &p->tip)) {
			*tree = pkg.tree;
			found = true;
		}
		git_reference_free(ref);
	}
	git_reference_iterator_free(it);
	return found;
}

/* Pathspecs are git's own language; "M NUL path NUL" comes back. */
static int compare_paths(struct pending *p, const struct strvec *paths,
			 struct err *err)
{
	AUTO_GIT_CMD struct git_cmd cmd = GIT_CMD_INIT;
	AUTO_STRBUF struct strbuf names = STRBUF_INIT;
	int ret;

	strvec_pushl(&cmd.argv, "diff-tree", "-r", "-z", "--name-status",
		     "--no-renames", NULL);
	strvec_push(&cmd.argv, git_oid_tostr_s(&p->live_commit));
	strvec_push(&cmd.argv, git_oid_tostr_s(&p->tip));
	strvec_push(&cmd.argv, "--");
	for (size_t i = 0; i < paths->nr; i++)
		strvec_push(&cmd.argv, paths->v[i]);
	cmd.repo = p->session.repo;
	strbuf_limit(&names, NAMES_MAX);
	if ((ret = git_cmd_run(&cmd, &names, err)) < 0)
		return ret;
	for (const char *s = names.buf; s < names.buf + names.len;) {
		char status = *s;

		s += strlen(s) + 1;
		if (s < names.buf + names.len)
			add(p, status, s);
		s += strlen(s) + 1;
	}
	return 0;
}

/* What is packaged of the live commit, and of the tip. */
static int find_trees(struct pending *p, git_oid *old_tree, git_oid *new_tree,
		      struct err *err)
{
	const struct build_settings *build = &p->session.build;
	git_repository *repo = p->session.repo;
	int ret;

	if (!build->build.nr && p->package.tag)
		*old_tree = p->package.tree;
	else if ((ret = package_source_tree(repo, &p->live_commit, build,
					    old_tree, err)) < 0)
		return ret;
	return package_source_tree(repo, &p->tip, build, new_tree, err);
}

static int compare_sources(struct pending *p, struct err *err)
{
	const struct build_settings *build = &p->session.build;
	git_repository *repo = p->session.repo;
	AUTO_ERR struct err why = ERR_INIT;
	git_oid old_tree, new_tree;
	bool alike = !p->package.tag ||
		     package_made_alike(repo, &p->package, build);
	int ret;

	p->by = build->build.nr ? PENDING_BY_SOURCE : PENDING_BY_FILES;
	p->build_changed = build->build.nr && !alike;
	if ((ret = commit_tree(repo, &p->live_commit, &old_tree, err)) < 0 ||
	    (ret = commit_tree(repo, &p->tip, &new_tree, err)) < 0)
		return ret;
	if (alike && git_oid_equal(&old_tree, &new_tree))
		return 0;
	if (find_trees(p, &old_tree, &new_tree, &why) < 0) {
		strvec_pushf(&p->warnings,
			     "all files count, for what is packaged of '%s' "
			     "cannot be told: %s",
			     p->label, why.msg.buf);
		p->by = PENDING_BY_SOURCE;
		if ((ret = commit_tree(repo, &p->live_commit, &old_tree, err)) <
			    0 ||
		    (ret = commit_tree(repo, &p->tip, &new_tree, err)) < 0)
			return ret;
	}
	return compare(p, &old_tree, &new_tree, err);
}

int pending_find_files(struct pending *p, struct err *err)
{
	AUTO_STRVEC struct strvec paths = STRVEC_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;
	git_oid candidate;

	if (p->package.tag && find_candidate(p, &candidate, &ignored)) {
		p->by = PENDING_BY_PACKAGES;
		return compare(p, &p->package.tree, &candidate, err);
	}
	settings_texts(&p->session.settings,
		       settings_key_find("release", "codePath"), NULL, &paths);
	if (!paths.nr)
		return compare_sources(p, err);
	p->by = PENDING_BY_CODE_PATH;
	return compare_paths(p, &paths, err);
}
