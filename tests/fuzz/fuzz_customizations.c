#include "common/base/base.h"
#include "common/text/markdown_table.h"
#include "git-drift/check_proposal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
	if (!ok)
		abort();
}

/* Rows come in order, and their cells are in their lines. */
static void check_rows(const char *text, size_t len)
{
	AUTO_MARKDOWN_READER struct markdown_reader r;
	size_t line = 0, end = 0;
	bool header = false;

	markdown_reader_init(&r, text, len);
	while (markdown_next_row(&r)) {
		header |= r.row.kind == MARKDOWN_HEADER;
		check(r.row.line >= line && r.row.end > end && r.row.end <= len);
		check(r.row.kind != MARKDOWN_ROW || header);
		for (size_t i = 0; i < r.row.nr; i++)
			check(r.row.cells[i].text >= text &&
			      r.row.cells[i].text + r.row.cells[i].len <=
				      text + r.row.end);
		line = r.row.line;
		end = r.row.end;
	}
}

static void check_entries(const struct customizations *c)
{
	for (size_t i = 0; i < c->nr; i++) {
		const struct customization *e = &c->v[i];

		check(*e->path && e->path[strlen(e->path) - 1] != '/');
		check(customizations_has_id(c, e->id));
		check(!strcmp(customizations_find(c, e->path)->path, e->path));
	}
}

/* Every proposal can be read again, or is refused. */
static void check_patch(struct drift_check *c)
{
	static const char *const paths[] = { "a", "b|`", "app/User.php" };
	struct tree_change changes[ARRAY_SIZE(paths)] = { 0 };
	enum drift_verdict verdicts[ARRAY_SIZE(paths)] = { DRIFT_UNEXPLAINED };
	AUTO_STRBUF struct strbuf patch = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		changes[i] =
			(struct tree_change){ .status = 'M', .path = paths[i] };
	c->delta.v = changes;
	c->delta.nr = ARRAY_SIZE(paths);
	c->verdicts = verdicts;
	c->next_id = 1000000;
	if (check_proposal(c, "2026-08-20", &patch, &err) < 0)
		check(err.msg.len != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_CUSTOMIZATIONS struct customizations c = CUSTOMIZATIONS_INIT;
	AUTO_DRIFT_FINDINGS struct drift_findings f = DRIFT_FINDINGS_INIT;
	struct drift_record record = { .name = "C.md",
				       .exists = true,
				       .text = STRBUF_INIT };
	struct drift_check check_of = { .records = &record, .nr_records = 1 };
	static bool ready;

	if (!ready)
		git_libgit2_init();
	ready = true;
	strbuf_add(&record.text, data, size);
	check_rows(record.text.buf, size);
	customizations_read(&c, record.name, &record.text, &f);
	customizations_sort(&c, &f);
	drift_findings_sort(&f);
	check_entries(&c);
	check_of.customizations = c;
	check_patch(&check_of);
	strbuf_release(&record.text);
	return 0;
}
