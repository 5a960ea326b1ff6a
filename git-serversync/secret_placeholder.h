#ifndef SECRET_PLACEHOLDER_H
#define SECRET_PLACEHOLDER_H

#include "common/base/base.h"

/*
 * Values that stand where a secret would, and are none: "", "null",
 * "changeme", "<password>", "${DB_PASSWORD}", "env('X')", "your-key-here".
 */
bool secret_is_placeholder(const char *s, size_t len);

/* Many different characters, digits among them, no "EXAMPLE" in it. */
bool secret_looks_random(const char *s, size_t len);

/* "example.com", "host", "%s": of documentation. */
bool secret_is_sample_host(const char *s, size_t len);

/*
 * Is it a word for something secret, or does it end in one: "password",
 * "DB_PASSWORD", "dbPassword", "client-secret"? RANDOM: also for what is no
 * secret ("token", "key", "salt"), so only a random value makes it one.
 */
enum secret_word { SECRET_WORD_NONE, SECRET_WORD_RANDOM, SECRET_WORD };
enum secret_word secret_word_of(const char *s, size_t len);

#endif
