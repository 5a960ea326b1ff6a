/*
 * CHANGELOG and project card: whatever they hold, recording takes nothing
 * away but what it replaces, and doing it twice is doing it once. The first
 * byte picks the prefix.
 */
#include "common/base/base.h"
#include "common/text/changelog.h"
#include "common/text/project_card.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void record(const struct strbuf *doc, bool bare)
{
	const struct changelog_entry entry = {
		.tag = bare ? "1.2.0" : "v1.2.0",
		.prefix = bare ? "" : "v",
		.date = "2026-11-26",
	};
	AUTO_STRBUF struct strbuf out = STRBUF_INIT, again = STRBUF_INIT;
	AUTO_STRBUF struct strbuf notes = STRBUF_INIT;
	AUTO_CHANGELOG_OUTCOME struct changelog_outcome first =
		CHANGELOG_OUTCOME_INIT;
	AUTO_CHANGELOG_OUTCOME struct changelog_outcome second =
		CHANGELOG_OUTCOME_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	changelog_notes(doc, &entry, &notes);
	if (changelog_record(doc, &entry, &out, &first, &err) < 0)
		return;
	if (first.already ? out.len != doc->len : out.len <= doc->len)
		abort();
	if (changelog_record(&out, &entry, &again, &second, &err) < 0 ||
	    !second.already || again.len != out.len ||
	    memcmp(again.buf, out.buf, out.len) != 0)
		abort();
}

static void set_card(const struct strbuf *doc)
{
	const struct card_field field = { "Current Release", "v1.2.0" };
	AUTO_STRBUF struct strbuf out = STRBUF_INIT, again = STRBUF_INIT;
	struct card_outcome outcome;
	bool found;

	card_set(doc, &field, &out, &outcome);
	free(outcome.before);
	found = outcome.found;
	card_set(&out, &field, &again, &outcome);
	if (outcome.found != found || outcome.before || again.len != out.len ||
	    memcmp(again.buf, out.buf, out.len) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_STRBUF struct strbuf doc = STRBUF_INIT;

	if (!size)
		return 0;
	strbuf_add(&doc, data + 1, size - 1);
	record(&doc, data[0] & 1);
	set_card(&doc);
	return 0;
}
