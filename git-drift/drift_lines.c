#include "common/base/base.h"
#include "git-drift/drift_list.h"

#include "git-drift/file_diff.h"

static int count(struct drift_entry *e, struct file_diff *d, struct err *err)
{
	const struct tree_change *c = e->change;
	const struct file_side old = { e->from ? e->from->old_mode : c->old_mode,
				       e->from ? &e->from->old_id : &c->old_id };
	const struct file_side new = { c->new_mode, &c->new_id };

	if (file_diff_run(d, &old, &new, err) < 0)
		return err->code;
	e->added = d->added;
	e->removed = d->removed;
	e->binary = d->binary;
	return 0;
}

int drift_list_count_lines(struct drift_list *list, git_repository *repo,
			   struct err *err)
{
	struct file_diff d = { .repo = repo };

	for (size_t i = 0; i < list->nr; i++)
		if (count(&list->v[i], &d, err) < 0)
			return err->code;
	list->has_lines = true;
	return 0;
}
