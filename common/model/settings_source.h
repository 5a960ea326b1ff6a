#ifndef SETTINGS_SOURCE_H
#define SETTINGS_SOURCE_H

#include "common/git/repo.h"
#include "common/model/settings.h"

/*
 * Where a command finds its .gitrelease: in a commit, or, when it names none,
 * at the top of the work tree. Both are overlaid by git config, as
 * settings_load() does. A file that is not there is an empty one; a link of
 * that name, or one of more than SETTINGS_FILE_MAX bytes, is an error.
 */
#define SETTINGS_FILE	  ".gitrelease"
#define SETTINGS_FILE_MAX ((size_t)1 << 20)

struct settings_source {
	git_repository *repo;
	const struct config *cfg;
	/* As in struct settings_file. */
	const char *const *verbs;
};

/* The work tree's, or HEAD's where there is no work tree or no file. */
int settings_load_here(struct settings *s, const struct settings_source *from,
		       struct err *err) MUST_CHECK;
/* label names it in messages: "v1.2.0:.gitrelease". */
int settings_load_commit(struct settings *s, const struct settings_source *from,
			 const git_oid *commit, const char *label,
			 struct err *err) MUST_CHECK;

#endif
