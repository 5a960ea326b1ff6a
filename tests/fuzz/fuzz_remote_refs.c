/*
 * What git ls-remote prints, and versions in the names of tags: a list that is
 * taken has names and no others, and any three versions that have an order
 * have one that makes sense.
 */
#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/git/remote.h"
#include "common/text/version_order.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_list(const char *text)
{
	AUTO_REMOTE_REFS struct remote_refs refs = REMOTE_REFS_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	if (remote_refs_parse(text, &refs, &err) < 0)
		return;
	for (size_t i = 0; i < refs.nr; i++)
		if (!*refs.v[i].name || strchr(refs.v[i].name, '\n') ||
		    !remote_refs_find(&refs, refs.v[i].name))
			abort();
}

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

static void check_order(const char *a, const char *b, const char *c)
{
	if (!version_has_order(a) || !version_has_order(b) ||
	    !version_has_order(c))
		return;
	if (version_compare(a, a) ||
	    sign(version_compare(a, b)) != -sign(version_compare(b, a)))
		abort();
	if (version_compare(a, b) <= 0 && version_compare(b, c) <= 0 &&
	    version_compare(a, c) > 0)
		abort();
	/* What is equal is equal to the same. */
	if (!version_compare(a, b) &&
	    sign(version_compare(a, c)) != sign(version_compare(b, c)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *text = xstrndup((const char *)data, size);
	char *b, *c;

	check_list(text);
	b = strchr(text, ' ');
	c = b ? strchr(b + 1, ' ') : NULL;
	if (!c)
		return 0;
	*b++ = '\0';
	*c++ = '\0';
	check_order(text, b, c);
	return 0;
}
