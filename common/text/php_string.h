#ifndef PHP_STRING_H
#define PHP_STRING_H

#include "common/base/strbuf.h"

/*
 * What the bytes between the quotes of a PHP string stand for ("Strings" in
 * PHP's manual). All append to out; NULL, or in a few words what is wrong.
 */

/* 'text': only \' and \\ are special. */
void php_single_quoted(const char *raw, size_t len, struct strbuf *out);

/* quote is '"' or '`', or 0 in a heredoc, where quotes need no backslash. */
const char *php_double_quoted(const char *raw, size_t len, char quote,
			      struct strbuf *out) MUST_CHECK;

/*
 * The lines of a heredoc or nowdoc without the blanks that stand in front of
 * its closing word, the line end in front of that excluded by the caller.
 */
const char *php_unindented(const char *raw, size_t len, size_t indent,
			   struct strbuf *out) MUST_CHECK;

#endif
