#include "common/base/base.h"
#include "common/text/release_index.h"

#include "common/base/mem.h"
#include "common/base/num.h"

#include <endian.h>

#define SUM_LEN	     64
#define PATH_LEN_MAX 4095

void release_index_release(struct release_index *x)
{
	strbuf_release(&x->raw);
	free(x->entries);
	*x = (struct release_index)RELEASE_INDEX_INIT;
}

/* The number up to sep; *p is moved behind sep. */
static int take_number(const char **p, const char *end, char sep, uint64_t *out)
{
	const char *stop = memchr(*p, sep, (size_t)(end - *p));

	if (!stop || num_parse_u64(*p, (size_t)(stop - *p), out) < 0)
		return -1;
	*p = stop + 1;
	return 0;
}

/* What stands before a path, in bytes of no alignment. */
struct head {
	uint64_t size, mtime, ctime, ino;
	uint32_t mode, path_len;
	struct oid oid;
} __attribute__((packed));

static int take_entry(const char **p, const char *end, struct index_entry *e)
{
	struct head h;

	if ((size_t)(end - *p) < sizeof(h))
		return -1;
	memcpy(&h, *p, sizeof(h));
	*e = (struct index_entry){
		.path = *p + sizeof(h),
		.path_len = le32toh(h.path_len),
		.mode = le32toh(h.mode),
		.oid = h.oid,
		.size = le64toh(h.size),
		.mtime = (int64_t)le64toh(h.mtime),
		.ctime = (int64_t)le64toh(h.ctime),
		.ino = le64toh(h.ino),
	};
	if (!e->path_len || e->path_len > PATH_LEN_MAX ||
	    e->path_len >= (size_t)(end - e->path) ||
	    memchr(e->path, '\0', e->path_len + 1) != e->path + e->path_len)
		return -1;
	*p = e->path + e->path_len + 1;
	return 0;
}

static int parse_entries(struct release_index *x, const char *p, const char *end)
{
	while (p < end) {
		struct index_entry e;

		if (take_entry(&p, end, &e) < 0)
			return -1;
		if (x->nr && strcmp(x->entries[x->nr - 1].path, e.path) >= 0)
			return -1;
		ALLOC_GROW(x->entries, x->nr + 1, x->alloc);
		x->entries[x->nr++] = e;
	}
	return 0;
}

int release_index_parse(struct release_index *x, struct strbuf *raw,
			size_t *body_len, const char **sum, struct err *err)
{
	const size_t magic = strlen(RELEASE_INDEX_MAGIC);
	const char *tail, *p;

	strbuf_swap(&x->raw, raw);
	if (x->raw.len < magic + SUM_LEN + 6 ||
	    memcmp(x->raw.buf, RELEASE_INDEX_MAGIC, magic) ||
	    x->raw.buf[x->raw.len - 1] != '\n')
		return err_set(err, ERR_FAILED, "the index is damaged");
	*sum = x->raw.buf + x->raw.len - 1 - SUM_LEN;
	*body_len = x->raw.len - 1 - SUM_LEN;
	tail = memrchr(x->raw.buf, '\0', *body_len);
	tail = tail ? tail + 1 : x->raw.buf + magic;
	p = tail + 4;
	if (*sum - tail < 4 || memcmp(tail, "end ", 4) ||
	    take_number(&p, *sum, ' ', &x->sealed_at) < 0 || p != *sum ||
	    parse_entries(x, x->raw.buf + magic, tail) < 0)
		return err_set(err, ERR_FAILED, "the index is damaged");
	return 0;
}

static int compare_path(const struct index_entry *e, const char *path, size_t len)
{
	size_t shorter = e->path_len < len ? e->path_len : len;
	int cmp = memcmp(e->path, path, shorter);

	return cmp ? cmp : (e->path_len > len) - (e->path_len < len);
}

size_t release_index_position(const struct release_index *x, const char *path,
			      size_t len)
{
	size_t low = 0, high = x->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare_path(&x->entries[mid], path, len) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const struct index_entry *release_index_find(const struct release_index *x,
					     const char *path, size_t len)
{
	size_t i = release_index_position(x, path, len);

	return i < x->nr && !compare_path(&x->entries[i], path, len)
		       ? &x->entries[i]
		       : NULL;
}

/*
 * The kernel stamps files with the time of its last tick, 10 ms at most. Some
 * file systems keep whole seconds of that (ext3, ext4 with small inodes; FAT
 * two), and then two edits of one second look the same.
 */
#define TICK_NS	       20000000
#define TICK_COARSE_NS 2000000000

bool release_index_settled(const struct release_index *x,
			   const struct index_entry *e)
{
	uint64_t ctime = (uint64_t)e->ctime, mtime = (uint64_t)e->mtime;
	uint64_t tick = e->ctime % 1000000000 ? TICK_NS : TICK_COARSE_NS;

	return ctime + tick < x->sealed_at && mtime + tick < x->sealed_at;
}

void release_index_add(struct strbuf *out, const struct index_entry *e)
{
	const struct head h = {
		.size = htole64(e->size),
		.mtime = htole64((uint64_t)e->mtime),
		.ctime = htole64((uint64_t)e->ctime),
		.ino = htole64(e->ino),
		.mode = htole32(e->mode),
		.path_len = htole32(e->path_len),
		.oid = e->oid,
	};

	strbuf_add(out, &h, sizeof(h));
	strbuf_add(out, e->path, e->path_len);
	strbuf_addch(out, '\0');
}

static const char *line_end(const struct index_entry *e)
{
	return e->path + e->path_len + 1;
}

void release_index_copy(struct strbuf *out, const struct release_index *x,
			size_t first, size_t end)
{
	const char *start = first ? line_end(&x->entries[first - 1])
				  : x->raw.buf + strlen(RELEASE_INDEX_MAGIC);

	if (first < end)
		strbuf_add(out, start,
			   (size_t)(line_end(&x->entries[end - 1]) - start));
}
