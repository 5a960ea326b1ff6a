#ifndef PHP_SCANNER_H
#define PHP_SCANNER_H

#include "common/text/php_tokens.h"

/* The parts of php_tokens.c: how far it is, and what it does next. */

/*
 * Where we are: in code, or in a string with variables. Code inside such a
 * string is a frame on top of that of the string.
 */
struct php_frame {
	bool string;
	char quote; /* '"', '`', or 0 for a heredoc */
	const char *label;
	size_t label_len;
	size_t braces; /* of code: that are open */
	unsigned int line;
};

struct php_scanner {
	struct php_tokens *out;
	const char *p, *end;
	unsigned int line;
	struct php_frame frames[2 * PHP_STRINGS_MAX];
	size_t nr;
	bool html, done;
};

struct php_frame *php_scanner_top(struct php_scanner *s);
size_t php_scanner_left(const struct php_scanner *s);
/* Steps over len bytes, counting lines: "\n", "\r\n" and a lone "\r" end one. */
void php_scanner_forward(struct php_scanner *s, size_t len);
/* A token of the next len bytes, which it steps over. */
struct php_token *php_scanner_add(struct php_scanner *s,
				  enum php_token_kind kind, size_t len);
void php_scanner_push(struct php_scanner *s, struct php_frame frame);
/* Nothing behind this can be believed. */
void php_scanner_broken(struct php_scanner *s, unsigned int line,
			const char *why);

bool php_is_name_start(char c);
bool php_is_digit(char c);

/* php_scan_strings.c: false when no string begins here. */
bool php_scan_string(struct php_scanner *s);
/* The next piece of the string with variables that we are in. */
void php_scan_piece(struct php_scanner *s);

#endif
