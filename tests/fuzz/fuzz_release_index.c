/*
 * The index of a release: whatever the file holds, it is refused or each of
 * its entries is found again under its path and written as it was read, one
 * by one or copied.
 */
#include "common/base/base.h"
#include "common/text/release_index.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct release_index *x, size_t body, const char *sum)
{
	AUTO_STRBUF struct strbuf back = STRBUF_INIT, copy = STRBUF_INIT;
	const char *entries = x->raw.buf + strlen(RELEASE_INDEX_MAGIC);
	size_t half = x->nr / 2;

	if (sum != x->raw.buf + body || body > x->raw.len)
		abort();
	for (size_t i = 0; i < x->nr; i++) {
		const struct index_entry *e = &x->entries[i];

		if (release_index_find(x, e->path, e->path_len) != e)
			abort();
		(void)release_index_settled(x, e);
		release_index_add(&back, e);
	}
	release_index_copy(&copy, x, 0, half);
	release_index_copy(&copy, x, half, x->nr);
	if (memcmp(back.buf, entries, back.len) || copy.len != back.len ||
	    memcmp(copy.buf, back.buf, copy.len))
		abort();
}

static void parse(struct strbuf *raw)
{
	AUTO_RELEASE_INDEX struct release_index x = RELEASE_INDEX_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	const char *sum;
	size_t body;

	if (!release_index_parse(&x, raw, &body, &sum, &err))
		check(&x, body, sum);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_STRBUF struct strbuf whole = STRBUF_INIT, framed = STRBUF_INIT;

	strbuf_add(&whole, data, size);
	parse(&whole);
	/* Entries alone, in a frame that is in order. */
	strbuf_addstr(&framed, RELEASE_INDEX_MAGIC);
	strbuf_add(&framed, data, size);
	strbuf_addf(&framed, "end 1234 %064d\n", 0);
	parse(&framed);
	return 0;
}
