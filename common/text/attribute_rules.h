#ifndef ATTRIBUTE_RULES_H
#define ATTRIBUTE_RULES_H

#include "common/base/strvec.h"
#include "common/text/path_pattern.h"

/*
 * What gitattributes(5) says: the lines of any number of files, each of which
 * counts for what lies below its directory. As in git, the last line that
 * matches decides for each attribute, those of a deeper directory go first,
 * macros ("[attr]name") are made in the top directory only, and a line that
 * git does not take is left out. Only whether an attribute is set can be asked.
 *
 * Who reads files of others bounds what is added; see wildmatch.h.
 */
#define ATTRIBUTE_NAMES_MAX 2000

struct attribute_state {
	size_t name; /* of attribute_rules.names */
	bool set;    /* else "-name", "!name" or "name=value" */
};

struct attribute_line {
	struct path_pattern pattern; /* .text NULL: a macro */
	struct attribute_state *v;
	size_t nr, alloc;
};

struct attribute_file {
	char *dir; /* "" is the top; else without a slash at the end */
	struct attribute_line *v;
	size_t nr, alloc;
};

struct attribute_rules {
	struct attribute_file *files; /* deeper ones behind those above them */
	size_t nr, alloc;
	struct strvec names; /* of attributes, each once */
	/* The macro that a name stands for: a line of the top; 0: none. */
	size_t macro[ATTRIBUTE_NAMES_MAX];
	bool too_many; /* names: the others are as if they were not there */
};
#define ATTRIBUTE_RULES_INIT                                                   \
	{                                                                      \
		0                                                              \
	}

void attribute_rules_release(struct attribute_rules *r);
#define AUTO_ATTRIBUTE_RULES CLEANUP(attribute_rules_release)

/* The text of one file in dir, once for each. Paths are normalised. */
void attribute_rules_add(struct attribute_rules *r, const char *dir,
			 const char *text, size_t len);

/*
 * Is the attribute set for the last name of this part of a path? A directory's
 * say nothing of what is in it.
 */
bool attribute_rules_set(const struct attribute_rules *r, const char *name,
			 const struct path_part *part);

#endif
