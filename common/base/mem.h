#ifndef MEM_H
#define MEM_H

#include "common/base/base.h"

/*
 * Memory. Running out ends the process: these are short-lived commands with
 * nothing better to do, and everything that outside can make grow carries a
 * ceiling of its own.
 */
NORETURN void mem_exhausted(void);
void *xcalloc(size_t nr, size_t size);
void *xreallocarray(void *p, size_t nr, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t len);

/* Makes room for "nr" elements in a growable array. */
#define ALLOC_GROW(p, nr, alloc)                                               \
	do {                                                                   \
		if ((nr) > (alloc)) {                                          \
			(alloc) = (nr) + (alloc) / 2 + 16;                     \
			(p) = xreallocarray((p), (alloc), sizeof(*(p)));       \
		}                                                              \
	} while (0)

#endif
