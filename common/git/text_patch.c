#include "common/base/base.h"
#include "common/git/text_patch.h"

int text_patch_add(const struct text_patch *p, struct strbuf *out, struct err *err)
{
	git_diff_options opts = GIT_DIFF_OPTIONS_INIT;
	git_buf buf = GIT_BUF_INIT_CONST(NULL, 0);
	git_patch *patch = NULL;
	int ret;

	opts.flags = GIT_DIFF_FORCE_TEXT;
	ret = git_patch_from_buffers(&patch, p->old ? p->old->buf : NULL,
				     p->old ? p->old->len : 0, p->path,
				     p->new->buf, p->new->len, p->path, &opts);
	if (!ret)
		ret = git_patch_to_buf(&buf, patch);
	if (!ret)
		strbuf_add(out, buf.ptr, buf.size);
	git_buf_dispose(&buf);
	git_patch_free(patch);
	return ret < 0 ? err_git(err, ERR_FAILED, "cannot write a patch") : 0;
}
