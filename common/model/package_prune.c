#include "common/base/base.h"
#include "common/model/package.h"
#include "common/base/mem.h"
#include "common/model/manifest_cache.h"
#include "common/sys/fault.h"

struct kept_package {
	char *ref;
	git_oid id;
	git_time_t made;
};

struct kept_list {
	struct kept_package *v;
	size_t nr, alloc;
};

static void kept_list_release(struct kept_list *l)
{
	while (l->nr)
		free(l->v[--l->nr].ref);
	free(l->v);
}

static bool is_protected(const git_oid *id, const git_oid *ids, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (git_oid_equal(id, &ids[i]))
			return true;
	return false;
}

/* Newest first; the names decide between two of the same second. */
static int compare_kept(const void *a, const void *b)
{
	const struct kept_package *x = a, *y = b;

	if (x->made != y->made)
		return x->made < y->made ? 1 : -1;
	return strcmp(y->ref, x->ref);
}

static void collect_one(git_repository *repo, const git_reference *ref,
			const git_oid *ids, size_t nr, struct kept_list *list)
{
	AUTO_COMMIT git_commit *commit = NULL;
	const git_oid *id = git_reference_target(ref);
	struct kept_package p = { 0 };

	/* What is no package is not ours to remove. */
	if (!id || is_protected(id, ids, nr) ||
	    git_commit_lookup(&commit, repo, id) < 0)
		return;
	p.ref = xstrdup(git_reference_name(ref));
	p.id = *id;
	p.made = git_commit_time(commit);
	ALLOC_GROW(list->v, list->nr + 1, list->alloc);
	list->v[list->nr++] = p;
}

static int collect(git_repository *repo, const git_oid *ids, size_t nr,
		   struct kept_list *list, struct err *err)
{
	git_reference_iterator *it;
	git_reference *ref;
	int ret;

	if (git_reference_iterator_glob_new(&it, repo, PACKAGE_REF_PREFIX "*") < 0)
		return err_git(err, ERR_FAILED, "cannot list packages");
	while (!(ret = git_reference_next(&ref, it))) {
		collect_one(repo, ref, ids, nr, list);
		git_reference_free(ref);
	}
	git_reference_iterator_free(it);
	if (ret != GIT_ITEROVER)
		return err_git(err, ERR_FAILED, "cannot list packages");
	return 0;
}

int package_prune(git_repository *repo, unsigned keep,
		  const git_oid *protected_ids, size_t nr, unsigned *removed,
		  struct err *err)
{
	CLEANUP(kept_list_release) struct kept_list list = { 0 };
	const git_oid none = { { 0 } };
	unsigned gone = 0;
	int ret;

	if ((ret = collect(repo, protected_ids, nr, &list, err)) < 0)
		return ret;
	if (list.nr)
		qsort(list.v, list.nr, sizeof(*list.v), compare_kept);
	for (size_t i = keep; i < list.nr; i++) {
		if (fault("prune package"))
			return err_sys(err, "cannot delete '%s'", list.v[i].ref);
		ret = repo_ref_swap(repo, list.v[i].ref, &list.v[i].id, &none,
				    NULL, err);
		if (ret == ERR_REFUSED) /* rebuilt just now: it stays */
			continue;
		if (ret < 0)
			return ret;
		manifest_cache_drop(repo, &list.v[i].id);
		gone++;
	}
	*removed = gone;
	return 0;
}
