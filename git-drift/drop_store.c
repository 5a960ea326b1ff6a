#include "common/base/base.h"
#include "git-drift/drop_store.h"

#include "common/base/mem.h"

#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>

DEFINE_AUTO(git_packbuilder *, git_packbuilder_free, NULL)
#define AUTO_PACKBUILDER CLEANUP(git_packbuilder_free_auto)

/* Before loose objects (1) and packs (2). */
#define FIRST 999

void drop_store_release(struct drop_store *s)
{
	/* The repository holds on to the database: only this empties it. */
	if (s->memory)
		(void)git_mempack_reset(s->memory);
	git_odb_free(s->odb);
	free(s->made);
	*s = (struct drop_store)DROP_STORE_INIT;
}

int drop_store_open(struct drop_store *s, git_repository *repo, struct err *err)
{
	git_odb_backend *memory = NULL;

	s->repo = repo;
	if (git_repository_odb(&s->odb, repo) < 0 || git_mempack_new(&memory) < 0)
		return err_git(err, ERR_FAILED, "cannot keep objects in memory");
	if (git_odb_add_backend(s->odb, memory, FIRST) < 0) {
		memory->free(memory);
		return err_git(err, ERR_FAILED, "cannot keep objects in memory");
	}
	s->memory = memory;
	return 0;
}

int drop_store_add(struct drop_store *s, const struct drop_object *o,
		   git_oid *id, struct err *err)
{
	git_oid made;

	if (git_odb_hash(&made, o->data, o->len, o->type) < 0)
		return err_git(err, ERR_FAILED, "cannot hash a file");
	/* Looking for new packs at each miss would take most of the time. */
	if (!git_odb_exists_ext(s->odb, &made, GIT_ODB_LOOKUP_NO_REFRESH)) {
		if (git_odb_write(&made, s->odb, o->data, o->len, o->type) < 0)
			return err_git(err, ERR_FAILED, "cannot keep a file");
		ALLOC_GROW(s->made, s->nr + 1, s->alloc);
		s->made[s->nr++] = made;
	}
	*id = made;
	return 0;
}

int drop_store_keep(struct drop_store *s, struct err *err)
{
	AUTO_PACKBUILDER git_packbuilder *pack = NULL;

	if (!s->nr)
		return 0;
	if (git_packbuilder_new(&pack, s->repo) < 0)
		return err_git(err, ERR_FAILED, "cannot write a pack");
	git_packbuilder_set_threads(pack, 0);
	for (size_t i = 0; i < s->nr; i++)
		if (git_packbuilder_insert(pack, &s->made[i], NULL) < 0)
			return err_git(err, ERR_FAILED, "cannot write a pack");
	if (git_packbuilder_write(pack, NULL, 0, NULL, NULL) < 0)
		return err_git(err, ERR_FAILED, "cannot write a pack");
	if (git_mempack_reset(s->memory) < 0 || git_odb_refresh(s->odb) < 0)
		return err_git(err, ERR_FAILED, "cannot read what was written");
	s->nr = 0;
	return 0;
}
