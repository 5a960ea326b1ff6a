#include "common/base/base.h"
#include "common/text/similarity.h"

#include "common/base/mem.h"

#define PIECE_MAX 64

/* FNV-1a, 64 bits (www.isthe.com/chongo/tech/comp/fnv). */
#define HASH_START 14695981039346656037u
#define HASH_PRIME 1099511628211u

void similarity_print_release(struct similarity_print *print)
{
	free(print->v);
	*print = (struct similarity_print)SIMILARITY_PRINT_INIT;
}

static int by_hash(const void *a, const void *b)
{
	const struct similarity_piece *x = a, *y = b;

	return (x->hash > y->hash) - (x->hash < y->hash);
}

static void add_piece(struct similarity_print *print, uint64_t hash,
		      uint64_t bytes)
{
	ALLOC_GROW(print->v, print->nr + 1, print->alloc);
	print->v[print->nr++] =
		(struct similarity_piece){ .hash = hash, .bytes = bytes };
}

/* Sorts, and adds up what a text has several times. */
static void settle(struct similarity_print *print)
{
	size_t kept = 0;

	if (!print->nr)
		return;
	qsort(print->v, print->nr, sizeof(*print->v), by_hash);
	for (size_t i = 1; i < print->nr; i++) {
		if (print->v[i].hash == print->v[kept].hash)
			print->v[kept].bytes += print->v[i].bytes;
		else
			print->v[++kept] = print->v[i];
	}
	print->nr = kept + 1;
}

void similarity_print_make(struct similarity_print *print, const char *data,
			   size_t len, bool binary)
{
	uint64_t hash = HASH_START, bytes = 0;

	print->size = len;
	for (size_t i = 0; i < len; i++) {
		if (!binary && data[i] == '\r' && i + 1 < len &&
		    data[i + 1] == '\n')
			continue;
		hash = (hash ^ (unsigned char)data[i]) * HASH_PRIME;
		if (++bytes < PIECE_MAX && data[i] != '\n')
			continue;
		add_piece(print, hash, bytes);
		hash = HASH_START;
		bytes = 0;
	}
	if (bytes)
		add_piece(print, hash, bytes);
	settle(print);
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

unsigned int similarity_score(const struct similarity_print *a,
			      const struct similarity_print *b)
{
	uint64_t size = larger(a->size, b->size), shared = 0;
	size_t i = 0, j = 0;

	if (!size)
		return SIMILARITY_MAX;
	while (i < a->nr && j < b->nr) {
		int order = by_hash(&a->v[i], &b->v[j]);

		if (!order)
			shared += smaller(a->v[i].bytes, b->v[j].bytes);
		i += order <= 0;
		j += order >= 0;
	}
	return (unsigned int)(shared * SIMILARITY_MAX / size);
}

bool similarity_possible(uint64_t a, uint64_t b, unsigned int score)
{
	return smaller(a, b) * SIMILARITY_MAX >= larger(a, b) * score;
}

unsigned int similarity_percent(unsigned int score)
{
	return score * 100 / SIMILARITY_MAX;
}
