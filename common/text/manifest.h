#ifndef MANIFEST_H
#define MANIFEST_H

#include "common/base/err.h"
#include "common/base/oid.h"

/*
 * The list of every file of a release: byte for byte what
 * "git ls-tree -r -z --full-tree -l <tree>" prints, one entry being
 *
 *	<mode, 6 octal digits> SP "blob" SP <object id, 40 hex> SP
 *	<size, right-justified to 7 columns> TAB <path> NUL
 *
 * Entries are in byte order of their full paths, which is git's own order.
 */
#define MANIFEST_MAX_BYTES   ((size_t)512 << 20)
#define MANIFEST_MAX_ENTRIES ((size_t)4 << 20)
#define MANIFEST_MAX_PATH    4095
/* Directories in one path: each later walk holds them open all at once. */
#define MANIFEST_MAX_DEPTH    250
#define MANIFEST_MAX_FILESIZE ((uint64_t)1 << 40)

#define MANIFEST_FILE	    0100644
#define MANIFEST_EXECUTABLE 0100755
#define MANIFEST_SYMLINK    0120000

struct manifest_entry {
	const char *path; /* NUL-terminated, points into raw */
	uint32_t path_len;
	uint32_t mode; /* one of the three above */
	struct oid oid;
	uint64_t size; /* of the content; of the target for a symlink */
};

struct manifest {
	struct strbuf raw;
	struct manifest_entry *entries;
	size_t nr, alloc;
};
#define MANIFEST_INIT                                                          \
	{                                                                      \
		.raw = STRBUF_INIT                                             \
	}

/*
 * Takes the bytes out of raw and indexes them; m must be empty. Whatever git
 * would not print is refused, and so is what no work tree can hold: an empty,
 * ".", ".." or ".git" (any case) component, a component above 255 bytes, a
 * path that is both file and directory, submodules. A manifest that was taken
 * formats back to the same bytes. On failure m is empty and raw is gone.
 */
int manifest_parse(struct manifest *m, struct strbuf *raw,
		   struct err *err) MUST_CHECK;
void manifest_release(struct manifest *m);
#define AUTO_MANIFEST CLEANUP(manifest_release)

/* How many entries stand before the place of path. */
size_t manifest_position(const struct manifest *m, const char *path, size_t len);
/* The index of the entry with this path, or -1. */
ssize_t manifest_find(const struct manifest *m, const char *path, size_t len);

/* Appends the entry as git prints it, NUL included; -1 when out is full. */
int manifest_format_entry(struct strbuf *out, const struct manifest_entry *e);

/*
 * True when path may stand in a manifest: relative, no empty or dangerous
 * component, within the limits above.
 */
bool manifest_path_ok(const char *path, size_t len);

/* Two entries of one path: are they MANIFEST_SAME? */
bool manifest_same(const struct manifest_entry *a,
		   const struct manifest_entry *b);

/*
 * Walks two manifests side by side, in path order:
 *
 *	struct manifest_walk w = { .old = old, .new = new };
 *	while (manifest_walk_next(&w))
 *		... w.kind, w.old_index, w.new_index ...
 *
 * Either may be NULL, which is an empty one. An index that the kind does not
 * have is MANIFEST_NONE.
 */
#define MANIFEST_NONE SIZE_MAX

enum manifest_change {
	MANIFEST_SAME,
	MANIFEST_ADDED,
	MANIFEST_MODIFIED, /* content, mode or type */
	MANIFEST_DELETED
};

struct manifest_walk {
	const struct manifest *old, *new;
	enum manifest_change kind;
	size_t old_index, new_index;
	size_t old_next, new_next; /* private */
};

bool manifest_walk_next(struct manifest_walk *w);

#endif
