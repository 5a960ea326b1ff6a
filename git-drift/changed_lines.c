#include "common/base/base.h"
#include "git-drift/changed_lines.h"

#include "common/base/mem.h"
#include "common/git/repo.h"

void changed_lines_release(struct changed_lines *c)
{
	free(c->v);
	*c = (struct changed_lines)CHANGED_LINES_INIT;
}

static int take_hunk(const git_diff_delta *delta UNUSED,
		     const git_diff_hunk *hunk, void *ctx)
{
	struct changed_lines *c = ctx;
	size_t first = (size_t)hunk->new_start, nr = (size_t)hunk->new_lines;

	ALLOC_GROW(c->v, c->nr + 1, c->alloc);
	c->v[c->nr++] = (struct changed_range){
		.first = first,
		.last = nr ? first + nr - 1 : first,
		.removed = (size_t)hunk->old_lines,
		.added = nr != 0,
	};
	return 0;
}

int changed_lines_find(struct changed_lines *c, const struct marker_text *old,
		       const struct marker_text *now, struct err *err)
{
	git_diff_options opts = GIT_DIFF_OPTIONS_INIT;

	opts.context_lines = 0;
	opts.flags = GIT_DIFF_FORCE_TEXT;
	if (git_diff_buffers(old->text, old->len, NULL, now->text, now->len,
			     NULL, &opts, NULL, NULL, take_hunk, NULL, c) < 0)
		return err_git(err, ERR_FAILED, "cannot compare two files");
	return 0;
}
