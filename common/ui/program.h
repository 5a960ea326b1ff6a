#ifndef PROGRAM_H
#define PROGRAM_H

#include "common/ui/opts.h"

/*
 * What the programs of the family have in common: a table of verbs, a job
 * that is done when no verb is named, --version, and the words the shells'
 * completions ask for. A main.c holds one struct program and calls
 *
 *	return program_main(&program, argc, argv);
 *
 * A verb wins over an operand of the same name.
 */
struct program_verb {
	const char *name;
	opt_fn *fn; /* NULL: known, and not available yet */
};

struct program {
	const char *name; /* "release", of "git release" */
	const struct program_verb *verbs;
	size_t nr;
	opt_fn *main_job;
	/* What "--completion <what>" prints, "verbs" apart; NULL: nothing. */
	int (*words)(const char *what, struct strvec *out, struct err *err);
	/* For an option of this program alone; NULL, or -1: not mine. */
	int (*special)(int argc, char **argv);
};

/* argv as main() got it; the result is the exit status. */
int program_main(const struct program *p, int argc, char **argv);

/* The newest version that CHANGELOG.md knows. */
extern const char program_version[];

#endif
