#include "common/base/base.h"
#include "common/net/https_memory.h"

#include <curl/curl.h>
#include <malloc.h>

static void wipe(void *p)
{
	if (!p)
		return;
	explicit_bzero(p, malloc_usable_size(p));
	free(p);
}

/* realloc() would leave the old bytes where they were. */
static void *move(void *p, size_t size)
{
	size_t old = p ? malloc_usable_size(p) : 0;
	void *moved = malloc(size);

	if (!moved)
		return NULL;
	if (p)
		memcpy(moved, p, old < size ? old : size);
	wipe(p);
	return moved;
}

int https_memory_init(struct err *err)
{
	static bool ready;

	if (ready)
		return 0;
	if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, wipe, move,
				 strdup, calloc) != CURLE_OK)
		return err_set(err, ERR_FAILED, "cannot start libcurl");
	ready = true;
	return 0;
}
