#ifndef SERVERSYNC_SETTINGS_H
#define SERVERSYNC_SETTINGS_H

#include "common/base/strvec.h"
#include "common/git/config.h"
#include "common/git/repo.h"
#include "common/model/environment.h"

/*
 * The section [serversync] of .gitrelease (the work tree's, else HEAD's)
 * overlaid by git config, for one environment: gitrelease-config(5).
 * Everything in it is owned by it.
 */
struct serversync_settings {
	char *environment;
	char *deploy_file;    /* normalised */
	bool deploy_file_set; /* somebody said so: it must be there */
	char *workflow;	      /* normalised */
	/* In place of the workflow, with the place of each: ".gitrelease:12" */
	struct strvec git_only, git_only_places;
	struct strvec exclude;	/* gitignore patterns, of paths in git */
	char *subdirectory;	/* of git, that is released; NULL: all */
	uint64_t max_file_size; /* bytes; larger files are not taken */
	uint32_t max_delete;	/* more deletions are a STOP */
	char *base;		/* the live commit's name; NULL: not set */
	char *remote;
	char *target; /* the branch a review is against; NULL: unknown */
	char *forge;  /* "github", "gitlab", "bitbucket", "gitea" or NULL */
	char *api;    /* URL of its API, from git config only; NULL: usual */
	/* git release has this environment, with a url: it can be captured. */
	bool has_server;
};
#define SERVERSYNC_SETTINGS_INIT                                               \
	{                                                                      \
		0                                                              \
	}

/*
 * The environment is the one named, or found as settings_environment() does.
 * Where none is configured any name will do: a capture needs a server, an audit
 * does not, and projects that are deployed by Deployer have no url here.
 */
int serversync_settings_load(git_repository *repo, const struct config *cfg,
			     const char *environment,
			     struct serversync_settings *out,
			     struct err *err) MUST_CHECK;
void serversync_settings_release(struct serversync_settings *s);
#define AUTO_SERVERSYNC_SETTINGS CLEANUP(serversync_settings_release)

/*
 * The environment of s as git release has it, for a capture: url, transport,
 * shared, writable. Fails as git release does when there is no url.
 */
int serversync_environment(git_repository *repo, const struct config *cfg,
			   const struct serversync_settings *s,
			   struct environment *out, struct err *err) MUST_CHECK;

/* Appends the environments of the repository we are in. */
int serversync_environments(struct strvec *out, struct err *err) MUST_CHECK;

#endif
