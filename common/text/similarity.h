#ifndef SIMILARITY_H
#define SIMILARITY_H

#include "common/base/base.h"

/*
 * How much of one text is found in another, as git judges renames
 * (gitdiffcore(7); the measure is that of its diffcore-delta.c): a text is
 * cut into its lines, and lines into pieces of at most 64 bytes; the bytes of
 * the pieces that both have, wherever they stand, are counted against the size
 * of the larger one. A CR in front of an LF does not count in text.
 */
#define SIMILARITY_MAX 60000u

struct similarity_piece {
	uint64_t hash;
	uint64_t bytes;
};

/* The pieces of one text, sorted by hash, each hash once. */
struct similarity_print {
	struct similarity_piece *v;
	size_t nr, alloc;
	uint64_t size; /* of the text */
};
#define SIMILARITY_PRINT_INIT                                                  \
	{                                                                      \
		0                                                              \
	}

/* print must be fresh. */
void similarity_print_make(struct similarity_print *print, const char *data,
			   size_t len, bool binary);
void similarity_print_release(struct similarity_print *print);
#define AUTO_SIMILARITY_PRINT CLEANUP(similarity_print_release)

/* 0 to SIMILARITY_MAX. */
unsigned int similarity_score(const struct similarity_print *a,
			      const struct similarity_print *b);

/*
 * Could two texts of these sizes reach a score at all? Answers without
 * reading them.
 */
bool similarity_possible(uint64_t a, uint64_t b, unsigned int score);

/* As git shows it: whole percent, rounded down. */
unsigned int similarity_percent(unsigned int score);

#endif
