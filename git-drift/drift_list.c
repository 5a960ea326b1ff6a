#include "common/base/base.h"
#include "git-drift/drift_list.h"

#include "common/base/mem.h"
#include "common/text/quote.h"

void drift_list_release(struct drift_list *list)
{
	free(list->v);
	tree_delta_release(&list->delta);
	list->v = NULL;
	list->nr = 0;
}

int drift_list_find(struct drift_list *list, git_repository *repo,
		    const struct drift_settings *settings, struct err *err)
{
	const struct tree_delta *d = &list->delta;

	if (tree_delta_find(repo, &list->old_tree, &list->new_tree,
			    &list->delta, err) < 0)
		return err->code;
	list->v = xcalloc(d->nr, sizeof(*list->v));
	list->nr = d->nr;
	for (size_t i = 0; i < d->nr; i++) {
		struct drift_entry *e = &list->v[i];

		e->change = &d->v[i];
		if (settings)
			e->custom = drift_settings_custom(settings, d->v[i].path);
	}
	return 0;
}

char drift_entry_letter(const struct drift_entry *e)
{
	return e->from ? 'R' : e->change->status;
}

static void count(const struct drift_entry *e, struct drift_totals *t)
{
	switch (drift_entry_letter(e)) {
	case 'A': t->added++; break;
	case 'D': t->deleted++; break;
	case 'M': t->modified++; break;
	case 'R': t->renamed++; break;
	default: t->type++; break;
	}
	t->binary += e->binary;
	t->lines_added += e->added;
	t->lines_removed += e->removed;
}

void drift_list_sum(const struct drift_list *list, const char *custom,
		    struct drift_totals *out)
{
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < list->nr; i++) {
		const char *own = list->v[i].custom;

		if (!custom || !strcmp(custom, own ? own : ""))
			count(&list->v[i], out);
	}
}

size_t drift_totals_nr(const struct drift_totals *t)
{
	return t->added + t->modified + t->deleted + t->type + t->renamed;
}

static void add_path(const struct tree_change *c, const struct drift_text *how,
		     struct strbuf *out)
{
	strbuf_addch(out, how->nul ? '\0' : '\t');
	if (how->nul)
		strbuf_add(out, c->path, c->path_len);
	else
		quote_path(out, c->path, c->path_len, how->quote_path);
}

void drift_list_print(const struct drift_list *list,
		      const struct drift_text *how, struct strbuf *out)
{
	for (size_t i = 0; i < list->nr; i++) {
		const struct drift_entry *e = &list->v[i];

		strbuf_addch(out, drift_entry_letter(e));
		if (e->from) {
			strbuf_addf(out, "%03u", e->score);
			add_path(e->from, how, out);
		}
		add_path(e->change, how, out);
		strbuf_addch(out, how->nul ? '\0' : '\n');
	}
}
