#ifndef PHP_TOKENS_H
#define PHP_TOKENS_H

#include "common/base/strbuf.h"

/*
 * The words of a PHP file, as PHP 8 tells them apart (Zend's scanner,
 * Zend/zend_language_scanner.l): what is code, and what is only text, comment
 * or the HTML around it. Strings without variables come with their value, so
 * that nobody behind this looks at a quote or a backslash again.
 *
 * The code inside a string, "{$a['b']}", comes as tokens between the pieces of
 * that string.
 */
enum php_token_kind {
	PHP_END,      /* of the file, or __halt_compiler; always the last */
	PHP_TAG,      /* "<?php" or "?>": a statement ends, one may begin */
	PHP_NAME,     /* a keyword or a name, "Deployer\set" in one */
	PHP_VARIABLE, /* "$name" */
	PHP_TEXT,     /* a string without variables; its value is the text */
	PHP_TEMPLATE, /* a piece of a string with variables; text likewise */
	PHP_NUMBER,
	PHP_MARK /* punctuation: "(", "=>", "..." */
};

struct php_token {
	enum php_token_kind kind;
	unsigned int line; /* of its first byte, counted from 1 */
	const char *at;	   /* as written; points into the file */
	size_t len;
	size_t text, text_len; /* in php_tokens.text */
};

struct php_tokens {
	struct php_token *v;
	size_t nr, alloc;
	struct strbuf text;
	/* What is no PHP: the file cannot be believed. NULL when all is. */
	const char *why;
	unsigned int why_line;
};
#define PHP_TOKENS_INIT                                                        \
	{                                                                      \
		.text = STRBUF_INIT                                            \
	}

/* Longer files are not looked at; strings may be nested this deep. */
#define PHP_FILE_MAX	((size_t)1 << 20)
#define PHP_STRINGS_MAX 32

/*
 * out must be fresh; data must outlive it. Always ends in PHP_END, at the
 * place where reading stopped if out->why is set.
 */
void php_tokens_read(const char *data, size_t len, struct php_tokens *out);
void php_tokens_release(struct php_tokens *t);
#define AUTO_PHP_TOKENS CLEANUP(php_tokens_release)

/* Is it that punctuation? Is it that name, in any case? */
bool php_token_is(const struct php_token *t, const char *mark);
bool php_token_named(const struct php_token *t, const char *name);

#endif
