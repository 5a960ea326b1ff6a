#include "common/base/base.h"
#include "git-serversync/path_cover.h"
#include "git-serversync/workflow_patch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
	if (!ok)
		abort();
}

static bool has(const struct audited_paths *paths, const char *path)
{
	for (size_t i = 0; i < paths->nr; i++)
		if (!strcmp(paths->v[i].path, path))
			return true;
	return false;
}

/* What is there stays there, and what was added is there. */
static void check_patch(const struct workflow_text *text,
			const struct workflow_paths *w)
{
	static const char *const paths[] = { "new/x", "*.md", NULL };
	const struct workflow_change c = { .text = text,
					   .values = w,
					   .paths = paths };
	AUTO_WORKFLOW_PATHS struct workflow_paths now = WORKFLOW_PATHS_INIT;
	AUTO_AUDIT_GAP struct audit_gap gap = AUDIT_GAP_INIT;
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	struct workflow_text again = { .file = "f" };

	if (workflow_patch_text(&c, &out, &err) < 0) {
		check(err.msg.len != 0);
		return;
	}
	again.data = out.buf;
	again.len = out.len;
	check(!workflow_paths_read(&again, &now, &gap, &err) && !gap.why.len);
	check(now.nr && has(&now.v[0].paths, "new/x") &&
	      has(&now.v[0].paths, "*.md"));
	for (size_t i = 0; w->nr && i < w->v[0].paths.nr; i++)
		check(has(&now.v[0].paths, w->v[0].paths.v[i].path));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_WORKFLOW_PATHS struct workflow_paths w = WORKFLOW_PATHS_INIT;
	AUTO_AUDIT_GAP struct audit_gap gap = AUDIT_GAP_INIT;
	AUTO_STRBUF struct strbuf copy = STRBUF_INIT;
	AUTO_ERR struct err err = ERR_INIT;
	struct workflow_text text = { .file = "f" };

	if (size > 65536)
		return 0;
	strbuf_add(&copy, data, size);
	text.data = copy.buf;
	text.len = copy.len;
	if (workflow_paths_read(&text, &w, &gap, &err) < 0) {
		check(err.msg.len != 0);
		return 0;
	}
	if (gap.why.len) {
		check(gap.file != NULL);
		return 0;
	}
	for (size_t i = 0; w.nr && i < w.v[0].paths.nr; i++)
		check(*w.v[0].paths.v[i].path &&
		      path_cover(w.v[0].paths.v[i].path, w.v[0].paths.v[i].path));
	check_patch(&text, &w);
	return 0;
}
