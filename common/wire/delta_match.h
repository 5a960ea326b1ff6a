#ifndef DELTA_MATCH_H
#define DELTA_MATCH_H

#include "common/wire/delta_plan.h"

/* A new file that will be sent, and the old one it probably resembles. */
struct delta_target {
	size_t entry;
	size_t old; /* or MANIFEST_NONE */
};

/*
 * Gives targets without an old file one of the files in gone (old entries, in
 * path order), each at most once: first one of the same base name, the more of
 * the directories above it alike the better (a moved file); then a neighbour
 * of the same extension (a bundle with a hash in its name). Depends on nothing
 * but the arguments.
 */
void delta_match(const struct delta_input *in, struct delta_target *targets,
		 size_t nr_targets, const size_t *gone, size_t nr_gone);

#endif
