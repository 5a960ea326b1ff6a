#include "common/base/base.h"
#include "common/host/host_scan.h"

#include "common/host/scan_cache.h"
#include "common/wire/index_file.h"
#include "common/wire/packed.h"

static int take_bytes(void *ctx, const char *data, size_t len, struct err *err)
{
	return unpacker_push(ctx, data, len, err);
}

/*
 * The index that only we have travels behind the request. The flush that
 * host_stream() sets ends whatever is last.
 */
static int add_index(const struct release_index *kept, struct strbuf *out,
		     struct err *err)
{
	AUTO_STRBUF struct strbuf none = STRBUF_INIT, frame = STRBUF_INIT;

	request_add(out, "index", "1");
	request_end(out);
	if (packed_add(&kept->raw, &none, &frame, err) < 0)
		return err->code;
	for (size_t at = 0; at < frame.len;) {
		size_t n = frame.len - at;

		n = n < PKT_DATA_MAX - 1 ? n : PKT_DATA_MAX - 1;
		pkt_add_band(out, BAND_FIELD, frame.buf + at, n);
		at += n;
	}
	return 0;
}

static int make_request(const struct host_scan_request *req,
			const struct release_index *kept, enum scan_keeper keeper,
			struct strbuf *out, struct err *err)
{
	char sum[SHA256_HEXSZ + 1];

	request_begin(out, "scan");
	request_add(out, "expect", "%s", req->view->live);
	if (req->look_only)
		request_add(out, "look", "1");
	if (req->origin)
		request_add(out, "origin", "1");
	for (size_t i = 0; req->skip && i < req->skip->nr; i++)
		request_add(out, "skip", "%s", req->skip->v[i]);
	for (size_t i = 0; req->shared && i < req->shared->nr; i++)
		request_add(out, "shared", "%s", req->shared->v[i]);
	if (!kept->raw.len)
		return 0;
	index_file_sum(kept, sum);
	request_add(out, "have", "%s", sum);
	return keeper == SCAN_CLIENT_KEEPS ? add_index(kept, out, err) : 0;
}

/* Is it an answer to what was asked? */
static int check(const struct host_scan_request *req, struct scan_report *r,
		 const struct release_index *kept, struct err *err)
{
	char sum[SHA256_HEXSZ + 1];

	if (strcmp(r->release, req->view->live) != 0 ||
	    (r->kind == SCAN_PLAIN) != req->plain)
		return err_set(err, ERR_FAILED, "the scan is of another release");
	if (!*r->base)
		return 0;
	if (!kept->raw.len)
		return err_set(err, ERR_FAILED,
			       "the scan builds upon what there is not");
	index_file_sum(kept, sum);
	if (strcmp(sum, r->base) != 0)
		return err_set(err, ERR_FAILED,
			       "the scan builds upon what there is not");
	return scan_report_complete(r, kept, err);
}

static int scan(struct host *h, const struct host_scan_request *req,
		struct scan_report *out, struct err *err)
{
	const struct scan_cache cache = {
		.dir = req->cache,
		.host = host_name(h),
		.root = req->view->root,
		.release = req->view->live,
	};
	AUTO_RELEASE_INDEX struct release_index kept = RELEASE_INDEX_INIT;
	AUTO_UNPACKER struct unpacker u = UNPACKER_INIT;
	AUTO_STRBUF struct strbuf request = STRBUF_INIT;
	const struct host_sink sink = { .take = take_bytes, .ctx = &u };
	enum scan_keeper keeper;

	scan_cache_load(&cache, &kept, &keeper);
	if (make_request(req, &kept, keeper, &request, err) < 0 ||
	    unpacker_begin(&u, SCAN_BYTES_MAX, err) < 0 ||
	    host_stream(h, &request, &sink, err) < 0 ||
	    unpacker_finish(&u, err) < 0 ||
	    scan_report_parse(out, &u.raw, err) < 0 ||
	    check(req, out, &kept, err) < 0)
		return err->code;
	if (out->kind != SCAN_SEALED && out->keeper != SCAN_NOBODY_KEEPS &&
	    !req->look_only)
		scan_cache_store(&cache, &out->entries, out->keeper);
	return 0;
}

int host_scan(struct host *h, const struct host_scan_request *req,
	      struct scan_report *out, struct err *err)
{
	int ret = scan(h, req, out, err);

	if (!ret)
		return 0;
	scan_report_release(out);
	/* What only looks leaves nothing unknown, and nothing undone. */
	if (ret == ERR_UNKNOWN || ret == ERR_UNDONE)
		err->code = ERR_FAILED;
	return err->code;
}
