#ifndef SETTINGS_H
#define SETTINGS_H

#include "common/git/config.h"
#include "common/model/environment.h"
#include "common/model/settings_keys.h"

/*
 * The settings of one command: .gitrelease, overlaid by git config. See
 * gitrelease-config(5). Order of calls:
 *
 *	config_load(&cfg, err);
 *	settings_load(&s, &(struct settings_file){ ... }, &cfg, err);
 *	settings_environment(&s, to, &env, err);
 *	settings_build(&s, &build, err);
 *
 * settings_load() checks every value and every name, of all environments;
 * the other two check what is about to be used: values that exclude each
 * other, and keys that are not available yet. All errors are ERR_FAILED and
 * name the place: ".gitrelease:12: ..." or "file:.git/config: ...".
 *
 * A key set in git config replaces the same key (same environment) of the
 * file, all its values, and so does each file of git config, and the command
 * line, with those below it. Then [release "<env>"] replaces [release]. An
 *empty value empties a list.
 */
struct setting {
	const struct settings_key *key;
	char *sub;    /* the environment, or NULL */
	char *value;  /* NULL for a bare key, which means true */
	char *origin; /* ".gitrelease:12" or "file:.git/config" */
	char *header; /* place of the section it is in; same for git config */
	bool from_git;
};

struct settings {
	struct setting *entries; /* of the file, then of git config */
	size_t nr, alloc;
};
#define SETTINGS_INIT                                                          \
	{                                                                      \
		0                                                              \
	}

struct settings_file {
	const char *data; /* NULL: there is no .gitrelease */
	size_t len;
	const char *label; /* ".gitrelease", "v1.2.0:.gitrelease" */
	/* NULL-ended; no environment may have one of these names. */
	const char *const *verbs;
};

/* cfg may be NULL. On failure s is unchanged. */
int settings_load(struct settings *s, const struct settings_file *file,
		  const struct config *cfg, struct err *err) MUST_CHECK;
void settings_release(struct settings *s);
#define AUTO_SETTINGS CLEANUP(settings_release)

/* What concerns the package, the same for all environments. */
struct build_settings {
	char *tag_prefix;      /* may be "" */
	char *recipe;	       /* NULL: not set */
	char *subdirectory;    /* NULL: the whole tree */
	struct strvec build;   /* commands, in order */
	struct strvec exclude; /* gitignore patterns */
	bool submodules;
	bool signed_tags; /* the tag must verify */
	uint32_t keep_packages;
};
#define BUILD_SETTINGS_INIT                                                    \
	{                                                                      \
		0                                                              \
	}

int settings_build(const struct settings *s, struct build_settings *out,
		   struct err *err) MUST_CHECK;
void build_settings_release(struct build_settings *bs);
#define AUTO_BUILD_SETTINGS CLEANUP(build_settings_release)

/*
 * The environment called "name"; for NULL $GIT_RELEASE_ENV, else
 * release.environment, else the only one there is, else "production".
 */
int settings_environment(const struct settings *s, const char *name,
			 struct environment *out, struct err *err) MUST_CHECK;

/* Only which one that is, by the same order; *out is owned by the caller. */
int settings_environment_pick(const struct settings *s, const char *name,
			      char **out, struct err *err) MUST_CHECK;

/* Appends the names of all environments, each once, sorted. */
void settings_list_environments(const struct settings *s, struct strvec *out);

/*
 * The setting in force, or NULL: the last value of "sub", else that of the
 * section itself. Keys are named as in the table: "branchsync", "from".
 */
const struct setting *settings_get(const struct settings *s, const char *section,
				   const char *sub, const char *name);

/* All values in force of one key, in order; borrowed from the settings. */
struct setting_list {
	const struct setting **v;
	size_t nr, alloc;
};
#define SETTING_LIST_INIT                                                      \
	{                                                                      \
		0                                                              \
	}

/* Replaces what is in out. */
void settings_get_all(const struct settings *s, const struct settings_key *key,
		      const char *sub, struct setting_list *out);
void setting_list_release(struct setting_list *list);
#define AUTO_SETTING_LIST CLEANUP(setting_list_release)

/* ERR_FAILED with "<origin>: <section.sub.name><text>", fit to be shown. */
int setting_err(const struct setting *st, struct err *err, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/*
 * Refuses what cannot be had yet: a key whose work comes later, and those
 * values of a key that do.
 */
int settings_check_available(const struct settings *s,
			     const struct settings_key *key, const char *sub,
			     struct err *err) MUST_CHECK;

#endif
