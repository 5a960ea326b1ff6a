#ifndef PHP_TAINT_H
#define PHP_TAINT_H

#include "common/text/php_tokens.h"

/*
 * Where the values in PHP code come from, as far as its words tell: from a
 * request, or out of an encoding. Variables are followed by name, in the order
 * of the text; no call is entered, and a bounded number of words is looked at
 * from each place. That is enough for what break-ins leave, and no proof.
 */
enum {
	TAINT_REQUEST = 1, /* $_GET, $_POST, php://input, headers */
	TAINT_ENCODED = 2, /* base64_decode() and its kin */
	TAINT_CHR = 4,	   /* one chr(): several make a text */
	TAINT_CALL = 8,	   /* $f(...) */
	TAINT_SAFE = 16,   /* escapeshellarg(), intval(), a cast */
};

/* How many words an expression may have. */
#define TAINT_WORDS 256
#define TAINT_VARS  64

struct php_taint {
	const struct php_tokens *t;
	unsigned char *own; /* of each token by itself */
	struct tainted_var {
		const char *name;
		size_t len;
		unsigned int flags;
	} vars[TAINT_VARS];
	size_t nr;
};

void php_taint_begin(struct php_taint *p, const struct php_tokens *t);
void php_taint_end(struct php_taint *p);
#define AUTO_PHP_TAINT CLEANUP(php_taint_end)

/* To be called with each token in turn: variables get their values. */
void php_taint_step(struct php_taint *p, size_t i);

/* What is in the tokens from "from" up to "to", variables included. */
unsigned int php_taint_of(const struct php_taint *p, size_t from, size_t to);

/* Is it a call of the function, not of a method of that name? */
bool php_is_call(const struct php_tokens *t, size_t i, const char *name);
/* i: "(". Its ")", or where looking ends. */
size_t php_args_end(const struct php_tokens *t, size_t i);
/* $_GET and the like. */
bool php_is_request(const struct php_token *t);
bool php_text_is(const struct php_tokens *t, size_t i, const char *text);

#endif
