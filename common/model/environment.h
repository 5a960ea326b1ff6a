#ifndef ENVIRONMENT_H
#define ENVIRONMENT_H

#include "common/base/err.h"
#include "common/base/strvec.h"

/*
 * One environment as configured: [release "<name>"] over [release], typed
 * and checked, so that nobody behind this needs to look at a text again.
 * Made by settings_environment(). Everything in it is owned by it.
 *
 * Paths are relative to the release (or to shared/), normalised: no "./", no
 * doubled and no trailing slash, never absolute, no "..", no ".git".
 */
enum env_transport {
	ENV_TRANSPORT_AUTO,
	ENV_TRANSPORT_LIBSSH2,
	ENV_TRANSPORT_OPENSSH
};

/* An entry of shared/, linked into every release at the same path. */
struct env_shared {
	char *path;
	bool is_dir; /* it was written with a trailing slash */
};

/* A link made inside each release. */
struct env_link {
	char *path;
	char *target; /* a path inside the release or inside shared/ */
};

enum hook_point { HOOK_PRE, HOOK_MID, HOOK_POST, HOOK_FAIL, HOOK_POINTS };

struct env_hook {
	char *command; /* for the server's sh */
	bool all;      /* "all:" in front: every host; else the first only */
	bool warn;     /* "warn:" in front: a failure is a warning */
	char *origin;  /* ".gitrelease:12", for messages */
};

struct env_hooks {
	struct env_hook *v;
	size_t nr;
};

struct environment {
	char *name;
	struct strvec urls; /* at least one; the first is the primary */
	enum env_transport transport;
	char *branch; /* NULL: production, if it exists */
	char *remote; /* never NULL */
	struct env_shared *shared;
	size_t nr_shared;
	struct env_link *links;
	size_t nr_links;
	struct strvec writable;
	struct strvec validate; /* client-side commands on the build result */
	struct env_hooks hooks[HOOK_POINTS];
	uint32_t keep;		/* good releases */
	uint64_t timeout;	/* of one hook, seconds */
	uint64_t recycle_after; /* seconds */
	uint32_t file_mode;	/* 0644 */
	uint32_t directory_mode;
};
#define ENVIRONMENT_INIT                                                       \
	{                                                                      \
		0                                                              \
	}

void environment_release(struct environment *env);
#define AUTO_ENVIRONMENT CLEANUP(environment_release)

#endif
