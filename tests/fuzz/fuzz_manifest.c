/*
 * Manifests come from a server or a client: whatever they hold, the parser
 * refuses it or gives back the same bytes. The other half of each input goes
 * to the decoder of change lists, with what was parsed as the old manifest.
 */
#include "common/base/base.h"
#include "common/wire/manifest_script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_round_trip(const struct manifest *m)
{
	AUTO_STRBUF struct strbuf back = STRBUF_INIT;
	size_t i;

	for (i = 0; i < m->nr; i++) {
		const struct manifest_entry *e = &m->entries[i];

		manifest_format_entry(&back, e);
		if (manifest_find(m, e->path, e->path_len) != (ssize_t)i ||
		    !manifest_path_ok(e->path, e->path_len))
			abort();
	}
	if (back.len != m->raw.len || memcmp(back.buf, m->raw.buf, back.len) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_MANIFEST struct manifest old = MANIFEST_INIT;
	AUTO_MANIFEST struct manifest new = MANIFEST_INIT;
	AUTO_STRBUF struct strbuf raw = STRBUF_INIT, script = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	size_t cut = size;

	if (size > 1)
		cut = (size_t)data[0] * (size - 1) / 255 + 1;
	if (cut)
		strbuf_add(&raw, data + 1, cut - 1);
	strbuf_add(&script, data + cut, size - cut);
	if (manifest_parse(&old, &raw, &err) < 0)
		err_release(&err);
	check_round_trip(&old);

	strbuf_limit(&raw, (size_t)1 << 20);
	if (manifest_script_apply(&script, &old, &raw, &err) == 0 &&
	    manifest_parse(&new, &raw, &err) == 0)
		check_round_trip(&new);
	return 0;
}
