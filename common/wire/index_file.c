#include "common/base/base.h"
#include "common/wire/index_file.h"

static void sum_of(const char *data, size_t len, char out[SHA256_HEXSZ + 1])
{
	struct sha256 sha;

	sha256_init(&sha);
	sha256_update(&sha, data, len);
	sha256_final_hex(&sha, out);
}

void index_file_end(struct strbuf *out, uint64_t at)
{
	char sum[SHA256_HEXSZ + 1];

	strbuf_addf(out, "end %" PRIu64 " ", at);
	sum_of(out->buf, out->len, sum);
	strbuf_addf(out, "%s\n", sum);
}

int index_file_parse(struct release_index *x, struct strbuf *raw, struct err *err)
{
	char sum[SHA256_HEXSZ + 1];
	const char *want;
	size_t len;

	if (release_index_parse(x, raw, &len, &want, err) < 0)
		return err->code;
	sum_of(x->raw.buf, len, sum);
	if (strncmp(sum, want, SHA256_HEXSZ) != 0)
		return err_set(err, ERR_FAILED, "the index is damaged");
	return 0;
}

void index_file_sum(const struct release_index *x, char out[SHA256_HEXSZ + 1])
{
	/* The last line is the sum and a newline at its end. */
	memcpy(out, x->raw.buf + x->raw.len - 1 - SHA256_HEXSZ, SHA256_HEXSZ);
	out[SHA256_HEXSZ] = '\0';
}
