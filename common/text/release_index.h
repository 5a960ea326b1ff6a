#ifndef RELEASE_INDEX_H
#define RELEASE_INDEX_H

#include "common/base/err.h"
#include "common/base/oid.h"

/*
 * The installed manifest of a sealed release, .release/index/<id>: every path
 * it consists of (package files, links, what we and its hooks made), each
 * with the stat data of the moment it was sealed. Like git's own index it
 * makes later looks cheap: unchanged stat, unchanged content.
 *
 *	git-release index 2 NL
 *	<size> <mtime> <ctime> <inode>		8 bytes each
 *	<mode> <length of the path>		4 bytes each
 *	<object id>				20 bytes
 *	<path> NUL
 *	...
 *	end SP <time of sealing> SP <sha256 of all before it> NL
 *
 * Numbers are little-endian, but for the last line, which is text. It is read
 * and written whole for every release, hence binary. Times are nanoseconds
 * since 1970. Directories have mode 40000-something, size 0 and a zero id.
 * Entries are in byte order of their paths.
 */
#define RELEASE_INDEX_MAGIC "git-release index 2\n"

/* The bits of a mode that are st_mode; others are flags of a scan. */
#define RELEASE_INDEX_ST_MODE 0177777

struct index_entry {
	const char *path; /* NUL-terminated */
	uint32_t path_len;
	uint32_t mode; /* st_mode, type and permissions */
	struct oid oid;
	uint64_t size;
	int64_t mtime, ctime;
	uint64_t ino;
};

struct release_index {
	struct strbuf raw;
	struct index_entry *entries;
	size_t nr, alloc;
	uint64_t sealed_at; /* nanoseconds */
};
#define RELEASE_INDEX_INIT                                                     \
	{                                                                      \
		.raw = STRBUF_INIT                                             \
	}

/*
 * Takes the bytes out of raw. The sum is the caller's to check: body_len is
 * how many bytes it is over. ERR_FAILED when the format is off.
 */
int release_index_parse(struct release_index *x, struct strbuf *raw,
			size_t *body_len, const char **sum,
			struct err *err) MUST_CHECK;
void release_index_release(struct release_index *x);
#define AUTO_RELEASE_INDEX CLEANUP(release_index_release)

/* How many entries stand before the place of path. */
size_t release_index_position(const struct release_index *x, const char *path,
			      size_t len);
const struct index_entry *release_index_find(const struct release_index *x,
					     const char *path, size_t len);

/*
 * False for an entry that changed so shortly before the index was written
 * that a later change could have left the same times ("racily clean" in
 * git's words): its content must be hashed, whatever stat says.
 */
bool release_index_settled(const struct release_index *x,
			   const struct index_entry *e);

void release_index_add(struct strbuf *out, const struct index_entry *e);

/* The same for the entries from first to before end, as x was read. */
void release_index_copy(struct strbuf *out, const struct release_index *x,
			size_t first, size_t end);

#endif
