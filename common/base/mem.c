#include "common/base/base.h"
#include "common/base/mem.h"

NORETURN void mem_exhausted(void)
{
	fputs("fatal: out of memory\n", stderr);
	exit(128);
}

void *xcalloc(size_t nr, size_t size)
{
	void *p = calloc(nr ? nr : 1, size ? size : 1);

	if (!p)
		mem_exhausted();
	return p;
}

void *xreallocarray(void *p, size_t nr, size_t size)
{
	void *q = reallocarray(p, nr ? nr : 1, size ? size : 1);

	if (!q)
		mem_exhausted();
	return q;
}

char *xstrndup(const char *s, size_t len)
{
	char *copy = xcalloc(len + 1, 1);

	memcpy(copy, s, len);
	return copy;
}

char *xstrdup(const char *s)
{
	return xstrndup(s, strlen(s));
}
