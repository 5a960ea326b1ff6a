#ifndef SIGN_HUNT_H
#define SIGN_HUNT_H

#include "common/base/strbuf.h"

/*
 * Looking for signs in the bytes of one file. What the file held before in
 * git is no news: a sign counts only on a line that the old content does not
 * have (blanks around it aside), so that a hot-fix is not held up by what was
 * committed long ago.
 *
 * Everything here and in the files of signs works in time linear in the size
 * of the content, whatever is in it, but for a sort of the old lines, which
 * is done once and only when there is a sign at all.
 */
struct sign_line {
	const char *s;
	size_t len;
};

struct sign_hunt {
	const char *path;
	const char *s; /* UTF-16 is here as bytes already; never NULL */
	size_t len;
	bool binary;

	/* What was found: in constant words, never text of the file. */
	const char *what;
	size_t line; /* counted from 1 */

	/* sign_hunt.c's own. */
	const char *old;
	size_t old_len;
	struct strbuf plain, old_plain;
	struct sign_line *lines; /* of old, sorted */
	size_t nr, alloc;
	bool sorted;
	const char *seen, *seen_end; /* the line that was asked for last */
	bool seen_old;
};

/* The content of a file, and what it was; old NULL: there was none. */
struct sign_content {
	const char *path, *s, *old;
	size_t len, old_len;
};

void sign_hunt_begin(struct sign_hunt *h, const struct sign_content *c);
void sign_hunt_end(struct sign_hunt *h);
#define AUTO_SIGN_HUNT CLEANUP(sign_hunt_end)

/*
 * There is a sign at that place. True: it is news, what and line are set, and
 * the hunt is over. False: go on.
 */
bool sign_found(struct sign_hunt *h, const char *at, const char *what);
/* Likewise for several lines, of which one must be news. */
bool sign_found_block(struct sign_hunt *h, const struct sign_line *block,
		      const char *what);

/* Letters, digits and "_"; of ASCII only. */
bool sign_is_word(char c);
/* Does the text begin so, in any case of letters? */
bool sign_starts(const char *s, size_t len, const char *with);
bool sign_ends(const char *s, size_t len, const char *with);
bool sign_contains(const char *s, size_t len, const char *what);
bool sign_equals(const char *s, size_t len, const char *what);

#endif
