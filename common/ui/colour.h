#ifndef COLOUR_H
#define COLOUR_H

#include "common/base/base.h"

/*
 * Whether to colour, and with what. The answer follows git: color.ui "always"
 * and "never" are obeyed ("true" and "auto" mean a terminal, or git's pager,
 * which shows colours), $NO_COLOR that is not empty switches off what was not
 * asked for with "always", and a dumb terminal gets none.
 */
struct colour_env {
	const char *setting; /* color.ui, NULL when unset */
	bool tty;	     /* the stream is a terminal */
};

bool colour_wanted(const struct colour_env *env);

enum colour {
	COLOUR_RESET,
	COLOUR_GOOD,	/* green */
	COLOUR_BAD,	/* red */
	COLOUR_NOTICE,	/* yellow */
	COLOUR_HEADING, /* bold */
	COLOUR_FAINT
};

/* The sequence, or "" when colours are off. */
const char *colour_code(bool on, enum colour c);

#endif
