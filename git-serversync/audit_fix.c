#include "common/base/base.h"
#include "git-serversync/audit_fix.h"

#include "common/base/mem.h"
#include "common/git/text_patch.h"
#include "git-serversync/workflow_patch.h"

int audit_fix(const struct symmetry_audit *a,
	      const struct serversync_settings *settings, struct strbuf *patch,
	      struct err *err)
{
	AUTO_FREE const char **missing =
		xcalloc(a->nr_unprotected + 1, sizeof(*missing));
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	const struct workflow_text text = { .data = a->workflow_bytes.buf,
					    .len = a->workflow_bytes.len,
					    .file = a->protected_by };
	const struct workflow_change change = { .text = &text,
						.values = &a->workflow,
						.paths = missing };
	const struct text_patch diff = { .path = settings->workflow,
					 .old = &a->workflow_bytes,
					 .new = &out };
	size_t nr = 0;

	if (!a->nr_unprotected)
		return 0;
	if (!a->by_workflow)
		return err_set(err, ERR_REFUSED,
			       "there is no workflow to change: add the paths "
			       "to %s",
			       a->protected_by);
	for (size_t i = 0; i < a->cleared.paths.nr; i++)
		if (!a->is_protected[i])
			missing[nr++] = a->cleared.paths.v[i].path;
	if (workflow_patch_text(&change, &out, err) < 0)
		return err->code;
	return text_patch_add(&diff, patch, err);
}
