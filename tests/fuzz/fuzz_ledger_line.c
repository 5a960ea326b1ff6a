/*
 * Lines of the ledger: what an attacker, or half a disk, has left. What is
 * taken must come out as it went in, and its release must be a safe name. The
 * sum is made good, so that what is behind it is reached.
 */
#include "common/base/base.h"
#include "common/base/mem.h"
#include "common/text/ledger_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct ledger_line *l)
{
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	struct ledger_line again;

	if (!release_id_ok(l->release))
		abort();
	ledger_line_format(&text, l);
	strbuf_setlen(&text, text.len - 1);
	if (strchr(text.buf, '\n') || ledger_line_parse(text.buf, &again) < 0)
		abort();
	if (again.seq != l->seq || again.event != l->event ||
	    strcmp(again.release, l->release) || strcmp(again.who, l->who) ||
	    strcmp(again.note, l->note) || strcmp(again.version, l->version) ||
	    strcmp(again.package, l->package) || strcmp(again.time, l->time))
		abort();
}

/* Sums are of no use against people: FNV-1a, 64 bits. */
static void add_sum(struct strbuf *text)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < text->len; i++)
		h = (h ^ (unsigned char)text->buf[i]) * 0x100000001b3u;
	strbuf_addf(text, "%016" PRIx64, h);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *plain = xstrndup((const char *)data, size);
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;
	struct ledger_line line;

	if (!ledger_line_parse(plain, &line))
		check(&line);
	strbuf_add(&text, data, strnlen((const char *)data, size));
	strbuf_addch(&text, '\t');
	add_sum(&text);
	if (!ledger_line_parse(text.buf, &line))
		check(&line);
	return 0;
}
