/*
 * Bytes from a hostile sender, against a plan with edits, a copy, an empty
 * file and a link. The first byte says how the rest is cut into frames. No
 * input may end a file whose object id it cannot have.
 */
#include "common/base/base.h"
#include "common/wire/delta_receive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ID(c)		      "ce013625030ba8dba906f756967f9e9ca394464" c
#define ENTRY(id, size, path) "100644 blob " id " " size "\t" path "\0"

/* "hello\n" is the only content with a true id. */
static const char old_raw[] = ENTRY(ID("a"), "      6", "a")
	ENTRY(ID("a"), "      6", "b");
static const char new_raw[] = ENTRY(ID("b"), "      9", "a")
	ENTRY(ID("c"), "    900", "b") ENTRY(ID("a"), "      6", "c")
		ENTRY("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", "      0",
		      "empty");

static bool gone;

static int read_old(void *ctx UNUSED, size_t entry UNUSED, uint64_t off,
		    void *buf, size_t len, struct err *err)
{
	if (gone)
		return err_set(err, ERR_NOTFOUND, "gone");
	memcpy(buf, &"hello\n"[off], len);
	return 0;
}

static int begin(void *ctx UNUSED, size_t entry UNUSED, struct err *err UNUSED)
{
	return 0;
}

static int take(void *ctx UNUSED, size_t entry UNUSED, const void *buf UNUSED,
		size_t len, struct err *err UNUSED)
{
	if (len > 900)
		abort();
	return 0;
}

static int end(void *ctx UNUSED, size_t entry, struct err *err UNUSED)
{
	if (entry != 3)
		abort();
	return 0;
}

static void drop(void *ctx UNUSED, size_t entry UNUSED)
{
}

static int copy(void *ctx UNUSED, const struct delta_copy *c UNUSED,
		struct err *err UNUSED)
{
	return 0;
}

static void receive(struct delta_receive *r, const uint8_t *data, size_t size)
{
	AUTO_ERR struct err err = ERR_INIT;
	const size_t *missing;
	size_t nr, cut = size ? data[0] : 0;

	if (!size)
		return;
	data++;
	size--;
	while (size) {
		size_t n = cut && cut < size ? cut : size;

		if (delta_receive_data(r, data, n, &err) < 0)
			return;
		if (cut && delta_receive_end_frame(r, &err) < 0)
			return;
		data += n;
		size -= n;
	}
	if (!cut && delta_receive_end_frame(r, &err) < 0)
		return;
	if (delta_receive_finish(r, &missing, &nr, &err) == 0 && !gone)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_MANIFEST struct manifest old = MANIFEST_INIT;
	AUTO_MANIFEST struct manifest new = MANIFEST_INIT;
	AUTO_DELTA_PLAN struct delta_plan plan = DELTA_PLAN_INIT;
	AUTO_STRBUF struct strbuf a = STRBUF_INIT, b = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	struct delta_input in = { .old = &old, .new = &new };
	struct delta_store store = { read_old, begin, take, end,
				     drop,     copy,  NULL };
	struct delta_receive *r;

	strbuf_add(&a, old_raw, sizeof(old_raw) - 1);
	strbuf_add(&b, new_raw, sizeof(new_raw) - 1);
	if (manifest_parse(&old, &a, &err) < 0 ||
	    manifest_parse(&new, &b, &err) < 0 ||
	    delta_plan_make(&plan, &in, &err) < 0)
		abort();
	gone = size && data[0] & 1;
	r = delta_receive_new(&plan, &old, &new, &store);
	receive(r, data, size);
	delta_receive_free(r);
	return 0;
}
