#include "common/base/base.h"
#include "git-release/ship_source.h"

#include "common/sys/beneath.h"
#include "common/sys/fileio.h"
#include "common/sys/hash.h"

/* Below this, sorting the index costs more than it saves. */
#define WORTHWHILE_FILES 1000
#define FILE_MAX	 BLOB_WHOLE_MAX

/* The file of the work tree that should have this content, in st->file. */
static bool read_file(struct ship_stream *st, const struct oid *oid, uint64_t size)
{
	struct ship_source *s = st->source;
	const struct oid_ref *ref;
	const git_index_entry *e;
	struct blob_hash hash;
	struct oid seen;

	if (!s->index || size > FILE_MAX)
		return false;
	ref = oid_index_find(&s->by_id, oid);
	e = ref ? git_index_get_byindex(s->index, ref->index) : NULL;
	if (!e)
		return false;
	AUTO_FD int fd =
		beneath_open(s->work_tree, e->path, O_RDONLY | O_NONBLOCK, 0);

	strbuf_reset(&st->file);
	if (fd < 0 || strbuf_grow(&st->file, (size_t)size + 1) < 0 ||
	    read_full(fd, st->file.buf, (size_t)size + 1) != (ssize_t)size)
		return false;
	blob_hash_init(&hash, size);
	blob_hash_update(&hash, st->file.buf, (size_t)size);
	blob_hash_final(&hash, &seen);
	st->file.len = (size_t)size;
	st->at = 0;
	return oid_eq(&seen, oid);
}

static int stream_open(void *ctx, const struct oid *oid, uint64_t size,
		       void **stream, struct err *err)
{
	struct ship_source *s = ctx;
	struct ship_stream *st = &s->streams[s->streams[0].busy];
	git_oid id;

	st->from_file = read_file(st, oid, size);
	git_oid_fromraw(&id, oid->b);
	if (!st->from_file && blob_open(&st->blobs, &id, NULL, err) < 0)
		return err->code;
	st->busy = true;
	*stream = st;
	return 0;
}

static ssize_t stream_read(void *ctx UNUSED, void *stream, void *buf,
			   size_t len, struct err *err)
{
	struct ship_stream *st = stream;
	size_t got;

	if (st->from_file) {
		got = st->file.len - st->at < len ? st->file.len - st->at : len;
		memcpy(buf, st->file.buf + st->at, got);
		st->at += got;
	} else if (blob_read(&st->blobs, buf, len, &got, err) < 0) {
		return err->code;
	}
	return (ssize_t)got;
}

static void stream_close(void *ctx UNUSED, void *stream)
{
	struct ship_stream *st = stream;

	if (!st->from_file)
		blob_close(&st->blobs);
	st->busy = false;
}

/* A repository without work tree or index is none the worse for it. */
void ship_source_prepare(struct ship_source *s, git_repository *repo, size_t files)
{
	const char *dir = git_repository_workdir(repo);

	if (s->index || files < WORTHWHILE_FILES || !dir ||
	    git_repository_index(&s->index, repo) < 0)
		return;
	s->work_tree = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 0; i < git_index_entrycount(s->index); i++) {
		const git_index_entry *e = git_index_get_byindex(s->index, i);
		struct oid oid;

		if (e->mode != GIT_FILEMODE_BLOB &&
		    e->mode != GIT_FILEMODE_BLOB_EXECUTABLE)
			continue;
		memcpy(oid.b, e->id.id, sizeof(oid.b));
		oid_index_add(&s->by_id, &oid, i);
	}
	oid_index_sort(&s->by_id);
}

int ship_source_open(struct ship_source *s, git_repository *repo, struct err *err)
{
	/* The agent proves every byte by its object id. */
	repo_trust_objects();
	for (size_t i = 0; i < ARRAY_SIZE(s->streams); i++) {
		s->streams[i].source = s;
		if (blob_source_init(&s->streams[i].blobs, repo, err) < 0)
			return err->code;
	}
	s->calls = (struct delta_source){
		.open = stream_open,
		.read = stream_read,
		.close = stream_close,
		.ctx = s,
	};
	return 0;
}

void ship_source_release(struct ship_source *s)
{
	for (size_t i = 0; i < ARRAY_SIZE(s->streams); i++) {
		blob_source_release(&s->streams[i].blobs);
		strbuf_release(&s->streams[i].file);
	}
	oid_index_release(&s->by_id);
	git_index_free(s->index);
	if (s->work_tree >= 0)
		close_quietly(s->work_tree);
}
