#ifndef PHP_LIST_H
#define PHP_LIST_H

#include "common/text/php_tokens.h"

/*
 * Lists of text as they are written in PHP: ['a', 'b'], array('a'),
 * 'key' => 'value', array_merge([...], [...]), text put together with ".".
 * Only what has the same value whenever it runs is one; a variable, a call, a
 * constant, a spread list or anything else that would have to be run is not.
 *
 * Keys decide as in PHP: a key that comes again replaces the value at its
 * first place, an item without one gets the next number.
 */
struct php_item {
	char *name; /* NULL: the key is the number */
	int64_t number;
	char *text; /* without NUL */
	unsigned int line;
	const char *file; /* for who joins lists of several; NULL at first */
};

struct php_list {
	struct php_item *v;
	size_t nr, alloc;
	int64_t next; /* the number of the next item without a key */
};
#define PHP_LIST_INIT                                                          \
	{                                                                      \
		0                                                              \
	}

void php_list_clear(struct php_list *l);
void php_list_release(struct php_list *l);
#define AUTO_PHP_LIST CLEANUP(php_list_release)

/*
 * array_merge(l, from), and what Deployer's add() does with lists of text:
 * numbered items are appended, named ones replace. from ends up empty.
 */
void php_list_append(struct php_list *l, struct php_list *from);

/* A place in the tokens of a file, and what is wrong there. */
struct php_cursor {
	const struct php_tokens *tokens;
	size_t at;
	const char *why; /* NULL: nothing */
	unsigned int why_line;
};

const struct php_token *php_cursor_token(const struct php_cursor *c);
/* Steps over that punctuation if it is there. */
bool php_cursor_skip(struct php_cursor *c, const char *mark);

/*
 * Steps over a text: strings, joined by ".", in parentheses or not, and
 * appends its value. False with c->why set when it is none.
 */
bool php_text_read(struct php_cursor *c, struct strbuf *out);

/* Steps over a list. l must be fresh; false with c->why set. */
bool php_list_read(struct php_cursor *c, struct php_list *l);

#endif
