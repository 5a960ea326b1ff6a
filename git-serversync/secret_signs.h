#ifndef SECRET_SIGNS_H
#define SECRET_SIGNS_H

#include "git-serversync/sign_hunt.h"

/*
 * What must not get into git: private keys, passwords, tokens, dumps. Told by
 * the name of a file, or by what is in it. What is said of a secret are words
 * of ours: no byte of the file is ever in them.
 *
 * A false alarm costs somebody a copy by hand; a miss puts a password into
 * every clone. But who is warned of every file reads no warning: values that
 * are placeholders, names of fields, translations or code are let pass, and
 * what is a password to a person in a place of no settings ("hunter2" in a
 * list of words) as well.
 */
enum secret_name_kind {
	SECRET_NAME_NONE,
	/* All of it is secret, whatever git had under the name. */
	SECRET_NAME_ALL,
	/* Settings, some of them secret: with an older version in git, its
	 * new lines decide. */
	SECRET_NAME_SETTINGS,
	/* Its content decides: secret_by_content() knows the kind. */
	SECRET_NAME_MAYBE,
};

/* what: in a few words, "a private key"; set unless NONE or MAYBE. */
enum secret_name_kind secret_by_name(const char *path, const char **what);

/* True: h->what and h->line tell what it is and where. */
bool secret_by_content(struct sign_hunt *h);

/* The parts of it: false, or the hunt is over. */
bool secret_keys_find(struct sign_hunt *h);   /* secret_keys.c */
bool secret_tokens_find(struct sign_hunt *h); /* secret_tokens.c */
bool secret_values_find(struct sign_hunt *h); /* secret_values.c */
bool secret_dump_find(struct sign_hunt *h);   /* secret_dump.c */

#endif
