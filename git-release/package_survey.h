#ifndef PACKAGE_SURVEY_H
#define PACKAGE_SURVEY_H

#include "common/base/strvec.h"
#include "common/git/repo.h"

/*
 * One look at the tree of a tag, to tell whether it can ship as it is.
 *
 * It cannot when a .gitattributes in it could make git archive write
 * something else than what the tree holds, when it has submodules, or when
 * links in it lead out. What is listed is quoted, and at most SURVEY_LIST_MAX
 * of each; the counts are true.
 */
#define SURVEY_LIST_MAX 20

struct package_survey {
	git_oid tree; /* of the tag, or of its subdirectory */
	size_t files;
	bool converts;	       /* attributes may change the export */
	struct strvec leaving; /* links: "path -> target" */
	size_t leaving_nr;
	struct strvec submodules;
	size_t submodules_nr;
};
#define PACKAGE_SURVEY_INIT                                                    \
	{                                                                      \
		.leaving = STRVEC_INIT, .submodules = STRVEC_INIT              \
	}
void package_survey_release(struct package_survey *survey);
#define AUTO_PACKAGE_SURVEY CLEANUP(package_survey_release)

/*
 * subdirectory may be NULL; ERR_REFUSED when commit has no such directory.
 */
int package_survey(git_repository *repo, const git_oid *commit,
		   const char *subdirectory, struct package_survey *out,
		   struct err *err) MUST_CHECK;

/* Appends "\n  <item>" for each, and how many more there are. */
void survey_list(struct strbuf *out, const struct strvec *items, size_t nr);
/* Remembers path (and target, unless NULL), quoted, if there is room. */
void survey_note(struct strvec *items, size_t *nr, const char *path,
		 const char *target, size_t target_len);

#endif
