#include "common/base/base.h"
#include "common/agent/old_contents.h"

#include "common/agent/releases.h"
#include "common/agent/seal.h"
#include "common/sys/beneath.h"
#include "common/sys/fileio.h"
#include "common/sys/hash.h"

void old_contents_release(struct old_contents *o)
{
	for (size_t i = 0; i < o->nr; i++) {
		close_quietly(o->v[i].fd);
		release_index_release(&o->v[i].index);
	}
	o->nr = 0;
}

static void add_release(struct old_contents *o, const char *id)
{
	AUTO_RELEASE_INDEX struct release_index x = RELEASE_INDEX_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;
	AUTO_FD int fd = openat(o->a->releases_fd, id,
				O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || seal_load(o->a, id, &x, &ignored) < 0)
		return;
	o->v[o->nr++] = (struct old_release){ .fd = TAKE_FD(fd), .index = x };
	x = (struct release_index)RELEASE_INDEX_INIT;
}

static void list(struct old_contents *o)
{
	AUTO_RELEASES struct releases r = RELEASES_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;

	o->listed = true;
	if (o->a->plain || o->a->dot_fd < 0 ||
	    releases_load(o->a, &r, &ignored) < 0)
		return;
	for (size_t i = r.nr; i-- && o->nr < OLD_RELEASES;)
		if (r.v[i].present && r.v[i].staged_seq &&
		    strcmp(r.v[i].id, o->live) != 0)
			add_release(o, r.v[i].id);
}

/* The file, if that is what it holds; out is cut back if not. */
static bool add_file(const struct old_release *old, const struct index_entry *e,
		     struct strbuf *out)
{
	AUTO_FD int fd = beneath_open(old->fd, e->path, O_RDONLY | O_NONBLOCK, 0);
	size_t before = out->len, size = (size_t)e->size;
	struct blob_hash hash;
	struct oid oid;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    (uint64_t)st.st_size != e->size || strbuf_grow(out, size) < 0 ||
	    read_full(fd, out->buf + before, size) != (ssize_t)size) {
		out->buf[before] = '\0';
		return false;
	}
	out->len += size;
	out->buf[out->len] = '\0';
	blob_hash_init(&hash, size);
	blob_hash_update(&hash, out->buf + before, size);
	blob_hash_final(&hash, &oid);
	if (oid_eq(&oid, &e->oid))
		return true;
	strbuf_setlen(out, before);
	return false;
}

bool old_contents_add(struct old_contents *o, const char *path,
		      const struct oid *oid, size_t max, struct strbuf *out)
{
	if (!o->listed)
		list(o);
	for (size_t i = 0; i < o->nr; i++) {
		const struct index_entry *e =
			release_index_find(&o->v[i].index, path, strlen(path));

		if (e && S_ISREG(e->mode) && e->size <= max &&
		    oid_eq(&e->oid, oid) && add_file(&o->v[i], e, out))
			return true;
	}
	return false;
}
