#ifndef SETTINGS_KEYS_H
#define SETTINGS_KEYS_H

#include "common/base/err.h"

/*
 * Every key there is, in one table: it drives parsing, checking, the
 * suggestions for mistyped names and the lint against gitrelease-config(5).
 */
enum key_type {
	KEY_STRING,
	KEY_PREFIX, /* of the name of a tag; may be empty */
	KEY_NAME,   /* of a branch or remote */
	KEY_BOOL,
	KEY_INT,
	KEY_DURATION, /* "90", "90s", "10m", "1h", "2d" */
	KEY_SIZE,     /* "10m"; k, m, g are powers of 1024 */
	KEY_MODE,     /* octal permissions, at most 777 */
	KEY_ENUM,
	KEY_PATH,    /* relative, inside the release */
	KEY_LINK,    /* <path>:<target> */
	KEY_PATTERN, /* gitignore pattern or pathspec */
	KEY_COMMAND,
	KEY_HOOK, /* command, with "primary:", "all:", "warn:" in front */
	KEY_URL,
	KEY_CACHE,   /* <path>:<key file>[,<key file>] */
	KEY_UPLOAD,  /* <local file>:<shared path>[:<mode>] */
	KEY_REQUIRE, /* "php = server", "composer >= 2.5" */
	KEY_ENVIRONMENT
};

enum key_scope {
	KEY_GENERAL, /* [section] only */
	KEY_PER_SUB  /* [section "<environment>"], or [section] for all */
};

struct settings_key {
	const char *section;
	const char *name; /* canonical spelling; compared in any case */
	enum key_type type;
	enum key_scope scope;
	bool many;
	bool own; /* runs programs here, or gets a token: never from
		     .gitrelease */
	/* NULL: every value works; "": none does yet; else those that do. */
	const char *only;
	const char *values;   /* of KEY_ENUM: "auto libssh2 openssh" */
	uint32_t min, max;    /* of KEY_INT, KEY_DURATION; of
				 KEY_MODE the bits that must be there */
	const char *fallback; /* the default as text; NULL: none */
};

/* The whole table; *nr gets its length. */
const struct settings_key *settings_key_list(size_t *nr);

/* The key of that name, or NULL. */
const struct settings_key *settings_key_find(const char *section,
					     const char *name);
bool settings_section_known(const char *section);

/* The nearest known name, or NULL when nothing is near. */
const char *settings_key_nearest(const char *section, const char *name);
const char *settings_section_nearest(const char *section);

/*
 * Checks one value (NULL: bare key) for its type alone. The message names
 * neither key nor place: "is not a number", to go behind a prefix.
 */
int settings_value_check(const struct settings_key *key, const char *value,
			 struct err *err) MUST_CHECK;

/*
 * Environments are words of letters, digits, '.', '_' and '-', at most 64
 * bytes, and fit to be a component of a ref.
 */
bool settings_environment_name(const char *name);

/* True when word is one of the blank-separated words. */
bool settings_word_in(const char *words, const char *word);

/* The command behind "primary:", "all:" and "warn:", and what they say. */
const char *settings_hook_command(const char *value, bool *all, bool *warn);

#endif
