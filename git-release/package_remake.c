#include "common/base/base.h"
#include "git-release/package_remake.h"

#include "git-release/package_survey.h"

bool package_remake(git_repository *repo, const char *version,
		    const struct build_settings *settings, const git_oid *want)
{
	const struct tag_policy policy = { .prefix = settings->tag_prefix };
	const char *sub = settings->subdirectory;
	AUTO_VERSION_TAG struct version_tag tag = VERSION_TAG_INIT;
	AUTO_PACKAGE_SURVEY struct package_survey survey = PACKAGE_SURVEY_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;
	git_oid id;

	if (settings->build.nr || settings->exclude.nr || settings->submodules)
		return false;
	if (version_tag_find(repo, version, &policy, &tag, &ignored) < 0 ||
	    package_survey(repo, &tag.commit, sub && *sub ? sub : NULL, &survey,
			   &ignored) < 0)
		return false;
	if (survey.converts || survey.submodules_nr || survey.leaving_nr)
		return false;
	return !package_commit(repo, &tag, &survey.tree, settings, &id, &ignored) &&
	       git_oid_equal(&id, want);
}
