/*
 * What a hostile agent answers to "scan": as a frame, as what a frame held,
 * and as entries in a frame that is in order. What gets through has paths that
 * can be opened below a directory, and stays so when it is completed with what
 * the client had.
 */
#include "common/base/base.h"
#include "common/text/ledger_line.h"
#include "common/wire/index_file.h"
#include "common/wire/packed.h"
#include "common/wire/scan_report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_path(const char *path)
{
	AUTO_STRBUF struct strbuf framed = STRBUF_INIT;

	strbuf_addf(&framed, "/%s/", path);
	if (!*path || strstr(framed.buf, "//") || strstr(framed.buf, "/./") ||
	    strstr(framed.buf, "/../"))
		abort();
}

static void check(const struct scan_report *r)
{
	for (size_t i = 0; i < r->entries.nr; i++)
		check_path(r->entries.entries[i].path);
	for (size_t i = 0; i < r->unknown.nr; i++)
		check_path(r->unknown.v[i]);
	if (r->kind == SCAN_PLAIN ? *r->release : !release_id_ok(r->release))
		abort();
	if (r->unknown.nr != r->unknown_why.nr || !r->target)
		abort();
}

static bool parse(struct scan_report *r, struct strbuf *raw)
{
	AUTO_ERR struct err err = ERR_INIT;

	if (scan_report_parse(r, raw, &err) < 0)
		return false;
	check(r);
	return true;
}

static void parse_all(struct strbuf *raw)
{
	AUTO_SCAN_REPORT struct scan_report r = SCAN_REPORT_INIT;

	(void)parse(&r, raw);
}

static void unpack(const char *data, size_t size)
{
	AUTO_UNPACKER struct unpacker u = UNPACKER_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	if (!unpacker_begin(&u, 1 << 20, &err) &&
	    !unpacker_push(&u, data, size, &err) && !unpacker_finish(&u, &err))
		parse_all(&u.raw);
}

/* These bytes as the entries of an index that is whole otherwise. */
static void add_index(struct strbuf *out, const char *data, size_t size)
{
	AUTO_STRBUF struct strbuf index = STRBUF_INIT;

	strbuf_addstr(&index, RELEASE_INDEX_MAGIC);
	strbuf_add(&index, data, size);
	index_file_end(&index, 1234);
	strbuf_add(out, index.buf, index.len);
}

static void complete(const char *data, size_t size, size_t half)
{
	static const char head[] = "git-release scan 1\nkind foreign\n"
				   "release r1\nrevision \ntarget \nlooked 1\n"
				   "read 1\nkeeps client\nbase ";
	AUTO_SCAN_REPORT struct scan_report r = SCAN_REPORT_INIT;
	AUTO_RELEASE_INDEX struct release_index base = RELEASE_INDEX_INIT;
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT, old = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	strbuf_addf(&raw, "%s%064d\nunknown 0\n", head, 0);
	add_index(&raw, data + half, size - half);
	add_index(&old, data, half);
	if (parse(&r, &raw) && !index_file_parse(&base, &old, &err) &&
	    !scan_report_complete(&r, &base, &err))
		check(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT, framed = STRBUF_INIT;
	const char *bytes = (const char *)data;
	const char *gap = memmem(bytes, size, "unknown 0\n", 10);

	unpack(bytes, size);
	strbuf_add(&raw, data, size);
	parse_all(&raw);
	/* A head of any kind before entries of any kind. */
	if (gap) {
		size_t head = (size_t)(gap - bytes) + 10;

		strbuf_add(&framed, data, head);
		add_index(&framed, bytes + head, size - head);
		parse_all(&framed);
	}
	complete(bytes, size, size ? data[0] % size : 0);
	return 0;
}
