#ifndef DRIFT_SESSION_H
#define DRIFT_SESSION_H

#include "git-drift/drift_settings.h"

/* What every command of git drift begins with. */
struct drift_session {
	git_repository *repo;
	struct config config;
	struct drift_settings settings;
	bool quote_path; /* core.quotePath, for quote_path() */
};
#define DRIFT_SESSION_INIT                                                     \
	{                                                                      \
		.config = CONFIG_INIT                                          \
	}

/* Opens the repository we are in and reads the settings. s must be fresh. */
int drift_session_open(struct drift_session *s, struct err *err) MUST_CHECK;
void drift_session_release(struct drift_session *s);
#define AUTO_DRIFT_SESSION CLEANUP(drift_session_release)

/*
 * The commit that is looked at: what revision names (a baseline's version is
 * short for its tag), or HEAD for NULL.
 * ERR_FAILED when there is no commit yet.
 */
int drift_session_commit(const struct drift_session *s, const char *revision,
			 git_oid *id, struct err *err) MUST_CHECK;

#endif
