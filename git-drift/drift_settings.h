#ifndef DRIFT_SETTINGS_H
#define DRIFT_SETTINGS_H

#include "common/base/strvec.h"
#include "common/git/config.h"
#include "common/git/repo.h"

/*
 * The section [drift] of .gitrelease (the work tree's, else HEAD's) overlaid by
 * git config: gitrelease-config(5). Everything in it is owned by it.
 */
struct drift_settings {
	char *baseline; /* pattern of tags: "author-v*" */
	/* Paths, normalised: no slash at the end. */
	struct strvec custom;	      /* ours, not the vendor's */
	struct strvec customizations; /* the files that explain changes */
	char *marker;		      /* "ZAJ" of "ZAJ:BEGIN" */
	char *output;		      /* with %v; NULL: not set */
};
#define DRIFT_SETTINGS_INIT                                                    \
	{                                                                      \
		0                                                              \
	}

/* out must be fresh; it is unchanged on failure. */
int drift_settings_load(git_repository *repo, const struct config *cfg,
			struct drift_settings *out, struct err *err) MUST_CHECK;
void drift_settings_release(struct drift_settings *s);
#define AUTO_DRIFT_SETTINGS CLEANUP(drift_settings_release)

/*
 * The custom path that "path" is, or lies below; NULL when it is the vendor's.
 * .gitrelease and the files that explain changes are always ours, whether
 * they are listed or not. Borrowed.
 */
const char *drift_settings_custom(const struct drift_settings *s,
				  const char *path);

#endif
