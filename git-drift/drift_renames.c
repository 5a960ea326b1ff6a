#include "common/base/base.h"
#include "git-drift/drift_list.h"

#include "common/base/mem.h"
#include "common/text/similarity.h"
#include "git-drift/rename_match.h"

static struct drift_entry *entry_of(struct drift_list *list, const char *path)
{
	/* Until renames are found there is an entry for each change. */
	return &list->v[tree_delta_get(&list->delta, path) - list->delta.v];
}

static void join(struct drift_list *list, const struct rename_pair *pair)
{
	struct drift_entry *to = entry_of(list, pair->to->path);

	to->from = pair->from;
	to->score = similarity_percent(pair->score);
	entry_of(list, pair->from->path)->change = NULL;
}

static void drop_joined(struct drift_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->nr; i++)
		if (list->v[i].change)
			list->v[kept++] = list->v[i];
	list->nr = kept;
}

int drift_list_find_renames(struct drift_list *list, git_repository *repo,
			    bool *limited, struct err *err)
{
	AUTO_FREE const struct tree_change **gone =
		xcalloc(list->nr + 1, sizeof(*gone));
	AUTO_RENAME_PAIRS struct rename_pairs pairs = RENAME_PAIRS_INIT;
	struct rename_query q = { .delta = &list->delta, .from = gone };

	for (size_t i = 0; i < list->nr; i++)
		if (list->v[i].change->status == 'D')
			gone[q.nr++] = list->v[i].change;
	if (rename_match(repo, &q, &pairs, err) < 0)
		return err->code;
	*limited = pairs.limited;
	for (size_t i = 0; i < pairs.nr; i++)
		join(list, &pairs.v[i]);
	drop_joined(list);
	return 0;
}
