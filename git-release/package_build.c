#include "common/base/base.h"
#include "git-release/package_build.h"
#include "git-release/build_export.h"
#include "git-release/build_import.h"
#include "git-release/build_run.h"
#include "git-release/build_tree.h"
#include "git-release/package_survey.h"
#include "git-release/package_validate.h"
#include "common/git/scratch.h"
#include "common/sys/fault.h"

void build_report_release(struct build_report *report)
{
	strvec_release(&report->warnings);
}

static const char *subdirectory_of(const struct build_request *req)
{
	const char *sub = req->settings->subdirectory;

	return sub && *sub ? sub : NULL;
}

static int refuse_links(const struct package_survey *survey, struct err *err)
{
	AUTO_STRBUF struct strbuf list = STRBUF_INIT;

	survey_list(&list, &survey->leaving, survey->leaving_nr);
	return err_set(err, ERR_REFUSED,
		       "symbolic links that may lead out of the package:%s",
		       list.buf);
}

static int check_submodules(const struct build_request *req,
			    const struct package_survey *survey, struct err *err)
{
	AUTO_STRBUF struct strbuf list = STRBUF_INIT;

	if (!survey->submodules_nr)
		return 0;
	if (req->settings->submodules)
		return err_set(err, ERR_FAILED,
			       "release.submodules is not available yet");
	survey_list(&list, &survey->submodules, survey->submodules_nr);
	return err_set(err, ERR_REFUSED,
		       "the tag has submodules, which cannot be part of a "
		       "package yet:%s",
		       list.buf);
}

static bool has_commands(const struct build_request *req)
{
	return req->settings->build.nr || (req->validate && req->validate->nr);
}

/* Runs what is to be run in the export, and imports it. */
static int build_in(git_repository *repo, const struct build_request *req,
		    const struct scratch *scratch, const struct strvec *env,
		    git_oid *tree, struct strvec *warnings, struct err *err)
{
	AUTO_STRBUF struct strbuf path = STRBUF_INIT;
	AUTO_FD int dir =
		openat(scratch->dir, "tree", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ret;

	if (dir < 0)
		return err_sys(err, "cannot open '%s/tree'", scratch->path);
	strbuf_addf(&path, "%s/tree", scratch->path);
	ret = build_run(dir, scratch->path, &req->settings->build, req, err);
	if (ret < 0)
		return ret;
	ret = build_tree_exclude(dir, path.buf, env, &req->settings->exclude,
				 err);
	if (ret < 0 || (ret = build_tree_check(dir, warnings, err)) < 0 ||
	    (ret = build_import(repo, scratch, dir, env, tree, err)) < 0)
		return ret;
	/* After the import: what they leave behind is not what was built. */
	if (req->validate)
		return build_run(dir, scratch->path, req->validate, req, err);
	return 0;
}

static int export_and_build(git_repository *repo,
			    const struct build_request *req, git_oid *tree,
			    struct strvec *warnings, struct err *err)
{
	AUTO_SCRATCH struct scratch scratch = SCRATCH_INIT;
	AUTO_STRVEC struct strvec env = STRVEC_INIT;
	int ret;

	if ((ret = scratch_open(repo, &scratch, err)) < 0 ||
	    (ret = scratch_repo(&scratch, repo, &env, err)) < 0 ||
	    (ret = build_export(&scratch, &env, &req->tag->commit,
				subdirectory_of(req), err)) < 0)
		return ret;
	return build_in(repo, req, &scratch, &env, tree, warnings, err);
}

static int make_tree(git_repository *repo, const struct build_request *req,
		     git_oid *tree, struct strvec *warnings, struct err *err)
{
	AUTO_PACKAGE_SURVEY struct package_survey survey = PACKAGE_SURVEY_INIT;
	int ret;

	ret = package_survey(repo, &req->tag->commit, subdirectory_of(req),
			     &survey, err);
	if (ret < 0 || (ret = check_submodules(req, &survey, err)) < 0)
		return ret;
	if (has_commands(req) || req->settings->exclude.nr || survey.converts)
		return export_and_build(repo, req, tree, warnings, err);
	if (survey.leaving_nr)
		return refuse_links(&survey, err);
	if (!survey.files)
		return err_set(err, ERR_REFUSED, "the package has no files");
	*tree = survey.tree;
	return 0;
}

int package_source_tree(git_repository *repo, const git_oid *commit,
			const struct build_settings *settings, git_oid *tree,
			struct err *err)
{
	const struct version_tag tag = { .commit = *commit };
	struct build_settings without = *settings; /* borrows all of it */
	const struct build_request req = { .tag = &tag, .settings = &without };
	AUTO_STRVEC struct strvec warnings = STRVEC_INIT;

	without.build = (struct strvec)STRVEC_INIT;
	return make_tree(repo, &req, tree, &warnings, err);
}

/* Publishes id under the tag's name, if that still is where old says. */
static int publish(git_repository *repo, const struct build_request *req,
		   const git_oid *old, const git_oid *id, struct err *err)
{
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;
	git_oid now;
	int ret;

	strbuf_addf(&ref, PACKAGE_REF_PREFIX "%s", req->tag->name);
	if (fault("publish package"))
		return err_sys(err, "cannot update '%s'", ref.buf);
	ret = repo_ref_swap(repo, ref.buf, old, id, NULL, err);
	if (ret != ERR_REFUSED)
		return ret;
	/* Somebody built it at the same time: the same is no trouble. */
	if (!repo_ref_id(repo, ref.buf, &now, &ignored) && git_oid_equal(&now, id))
		return 0;
	err_set(err, ERR_REFUSED, "'%s' was built differently meanwhile",
		req->tag->name);
	return err_hint(err, "git release --rebuild %s", req->tag->name);
}

/* What the ref names now, be it a good package or not; zero: nothing. */
static int find_old(git_repository *repo, const char *tag, git_oid *old,
		    struct err *err)
{
	AUTO_STRBUF struct strbuf ref = STRBUF_INIT;
	AUTO_ERR struct err found = ERR_INIT;
	int ret;

	strbuf_addf(&ref, PACKAGE_REF_PREFIX "%s", tag);
	ret = repo_ref_id(repo, ref.buf, old, &found);
	if (ret < 0 && ret != ERR_NOTFOUND)
		return err_set(err, ret, "%s", found.msg.buf);
	return 0;
}

int package_build(git_repository *repo, const struct build_request *req,
		  struct package *out, struct build_report *report,
		  struct err *err)
{
	AUTO_PACKAGE struct package there = PACKAGE_INIT;
	AUTO_PACKAGE struct package made = PACKAGE_INIT;
	git_oid tree, id, old = { { 0 } };
	int ret;

	if ((ret = find_old(repo, req->tag->name, &old, err)) < 0)
		return ret;
	if (!git_oid_is_zero(&old) && !req->rebuild) {
		ret = package_find(repo, req->tag->name, &there, err);
		if (ret < 0 ||
		    (ret = package_check_tag(&there, req->tag, err)) < 0 ||
		    (ret = package_validate(repo, &there.id, req, err)) < 0)
			return ret;
		*out = there;
		there = (struct package)PACKAGE_INIT;
		return 0;
	}
	if ((ret = make_tree(repo, req, &tree, &report->warnings, err)) < 0 ||
	    (ret = package_commit(repo, req->tag, &tree, req->settings, &id,
				  err)) < 0)
		return ret;
	report->built = true;
	report->replaced = !git_oid_is_zero(&old) && !git_oid_equal(&old, &id);
	if (!git_oid_equal(&old, &id) &&
	    (ret = publish(repo, req, &old, &id, err)) < 0)
		return ret;
	package_validated_keep(repo, &id, req->validate);
	if ((ret = package_read(repo, &id, &made, err)) < 0)
		return ret;
	*out = made;
	made = (struct package)PACKAGE_INIT;
	return 0;
}
