#ifndef PATH_PATTERN_H
#define PATH_PATTERN_H

#include "common/base/base.h"

/*
 * One pattern of .gitignore or .gitattributes, as gitignore(5) says: with a
 * slash in front or inside it is of paths below the file's directory, else of
 * names; one at the end means directories only, "!" in front the opposite.
 */
struct path_pattern {
	char *text;	   /* as wildmatch() wants it */
	size_t len, plain; /* so much of it has no wildcard */
	bool negated;
	bool only_dir;
	bool by_name;
};

/* A file or directory of a path: the whole, or a part up to a slash. */
struct path_part {
	const char *path;
	size_t len, name; /* where its last name begins */
	bool is_dir;
};

/* False, with out untouched, when it matches nothing. */
bool path_pattern_parse(struct path_pattern *out, const char *text, size_t len);
void path_pattern_release(struct path_pattern *p);

/* below: where what is below the directory of the pattern's file begins. */
bool path_pattern_match(const struct path_pattern *p,
			const struct path_part *part, size_t below);

#endif
