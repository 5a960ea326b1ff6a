#include "common/base/base.h"
#include "git-drift/line_changes.h"

#include "common/base/mem.h"
#include "common/git/repo.h"

/* FIRST_FEW_BYTES of git's xdiff-interface.c. */
#define BINARY_LOOK 8000

void line_changes_release(struct line_changes *c)
{
	free(c->v);
	*c = (struct line_changes)LINE_CHANGES_INIT;
}

bool file_text_is_binary(const struct file_text *text)
{
	size_t len = text->len < BINARY_LOOK ? text->len : BINARY_LOOK;

	return len && memchr(text->data, '\0', len);
}

/* In a diff an empty range stands behind its line, a full one on its first. */
static uint32_t first(int start, int nr)
{
	return (uint32_t)(nr ? start - 1 : start);
}

static int add_hunk(const git_diff_delta *delta UNUSED,
		    const git_diff_hunk *hunk, void *ctx)
{
	struct line_changes *c = ctx;

	ALLOC_GROW(c->v, c->nr + 1, c->alloc);
	c->v[c->nr++] = (struct line_change){
		.old_start = first(hunk->old_start, hunk->old_lines),
		.old_nr = (uint32_t)hunk->old_lines,
		.new_start = first(hunk->new_start, hunk->new_lines),
		.new_nr = (uint32_t)hunk->new_lines,
	};
	return 0;
}

int line_changes_find(const struct file_text *old, const struct file_text *new,
		      struct line_changes *out, struct err *err)
{
	git_diff_options options = GIT_DIFF_OPTIONS_INIT;
	int ret;

	options.context_lines = 0;
	options.flags = GIT_DIFF_FORCE_TEXT;
	ret = git_diff_buffers(old->data, old->len, NULL, new->data, new->len,
			       NULL, &options, NULL, NULL, add_hunk, NULL, out);
	if (!ret)
		return 0;
	line_changes_release(out);
	return err_git(err, ERR_FAILED, "cannot compare two files");
}
