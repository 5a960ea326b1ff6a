#include "common/base/base.h"
#include "git-drift/blob_ahead.h"

#include "common/base/mem.h"

#include <pthread.h>

struct wanted {
	git_oid id; /* all zero: none */
	git_odb_object *object;
};

struct blob_ahead {
	struct wanted *v;
	size_t nr, alloc;
	size_t read, taken; /* how many of them */
	git_odb *odb;
	bool runs, stop;
	pthread_t thread;
	pthread_mutex_t lock; /* of read, taken, stop */
	pthread_cond_t moved;
};

struct blob_ahead *blob_ahead_new(void)
{
	struct blob_ahead *a = xcalloc(1, sizeof(*a));

	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->moved, NULL);
	return a;
}

void blob_ahead_free(struct blob_ahead *a)
{
	if (a->runs) {
		pthread_mutex_lock(&a->lock);
		a->stop = true;
		pthread_cond_signal(&a->moved);
		pthread_mutex_unlock(&a->lock);
		pthread_join(a->thread, NULL);
	}
	while (a->read > a->taken)
		git_odb_object_free(a->v[--a->read].object);
	git_odb_free(a->odb);
	pthread_mutex_destroy(&a->lock);
	pthread_cond_destroy(&a->moved);
	free(a->v);
	free(a);
}

void blob_ahead_add(struct blob_ahead *a, const git_oid *id)
{
	ALLOC_GROW(a->v, a->nr + 1, a->alloc);
	a->v[a->nr] = (struct wanted){ .object = NULL };
	if (id)
		a->v[a->nr].id = *id;
	a->nr++;
}

static git_odb_object *look_up(git_odb *odb, const git_oid *id)
{
	git_odb_object *object = NULL;
	git_object_t type;
	size_t len;

	if (git_oid_is_zero(id) || git_odb_read_header(&len, &type, odb, id) < 0 ||
	    len > BLOB_AHEAD_MAX || git_odb_read(&object, odb, id) < 0)
		return NULL;
	return object;
}

/* Waits for room; false: nobody wants any more. */
static bool has_room(struct blob_ahead *a)
{
	while (!a->stop && a->read - a->taken >= BLOB_AHEAD_NR)
		pthread_cond_wait(&a->moved, &a->lock);
	return !a->stop;
}

static void *read_all(void *arg)
{
	struct blob_ahead *a = arg;

	pthread_mutex_lock(&a->lock);
	while (a->read < a->nr && has_room(a)) {
		struct wanted *w = &a->v[a->read];

		pthread_mutex_unlock(&a->lock);
		w->object = look_up(a->odb, &w->id);
		pthread_mutex_lock(&a->lock);
		a->read++;
		pthread_cond_signal(&a->moved);
	}
	pthread_mutex_unlock(&a->lock);
	return NULL;
}

void blob_ahead_start(struct blob_ahead *a, git_repository *repo)
{
	git_buf path = GIT_BUF_INIT;

	if (git_repository_item_path(&path, repo, GIT_REPOSITORY_ITEM_OBJECTS) < 0)
		return;
	if (!git_odb_open(&a->odb, path.ptr))
		a->runs = !pthread_create(&a->thread, NULL, read_all, a);
	git_buf_dispose(&path);
}

git_odb_object *blob_ahead_take(struct blob_ahead *a)
{
	git_odb_object *object;

	if (!a->runs)
		return NULL;
	pthread_mutex_lock(&a->lock);
	while (a->read == a->taken)
		pthread_cond_wait(&a->moved, &a->lock);
	object = a->v[a->taken++].object;
	pthread_cond_signal(&a->moved);
	pthread_mutex_unlock(&a->lock);
	return object;
}
