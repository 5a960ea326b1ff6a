#ifndef TREE_H
#define TREE_H

#include "common/base/err.h"
#include "common/base/oid.h"
#include "common/text/release_index.h"

/*
 * Files below one directory, reached by path and never through a link. The
 * directory of the last path is kept open, since paths come in order.
 */
struct tree {
	int fd; /* borrowed */
	int dir_fd;
	size_t dir_len;
	char dir[PATH_MAX];
};

void tree_init(struct tree *t, int fd);
void tree_release(struct tree *t);
#define AUTO_TREE CLEANUP(tree_release)

/* The directory path[0..len), borrowed until the next call; -1 with errno. */
int tree_directory(struct tree *t, const char *path, size_t len);

/*
 * The directory that holds path, borrowed until the next call; *name is its
 * last component. -1 with errno.
 */
int tree_parent(struct tree *t, const char *path, const char **name);

/* Makes the directories that path lies in, with exactly this mode. */
int tree_make_parents(struct tree *t, const char *path, mode_t mode);

/*
 * lstat(2) in the file system dev that sees mount points, which are EXDEV: also
 * those of the same file system (mount --bind), where the kernel tells (Linux
 * 5.8).
 */
int tree_look(int at, const char *name, dev_t dev, struct stat *st);

/* What lstat(2) said of one file when we had just made or proven it. */
struct stat_record {
	uint64_t size, ino;
	int64_t mtime, ctime;
	uint32_t mode;
};

void stat_record_set(struct stat_record *r, const struct stat *st);
bool stat_record_matches(const struct stat_record *r, const struct stat *st);
/* Is it still what the index says, so that nothing has to be read? */
bool stat_is_indexed(const struct stat *st, const struct release_index *x,
		     const struct index_entry *e);

/*
 * Opens to read what st says is a regular file. What has taken its place since
 * is not opened, be it a pipe or a device: -1 with EBADMSG.
 */
int tree_open_file(int at, const char *name, const struct stat *st);

/* Asked now and then; anything but 0 ends what takes long with ECANCELED. */
struct tree_pause {
	int (*ask)(void *ctx);
	void *ctx;
};

/*
 * The blob id of an open file (from its start) or of a link's target; -1 with
 * errno. A file that is not size bytes long has no such id: EBADMSG. pause may
 * be NULL.
 */
int tree_hash_file(int fd, uint64_t size, const struct tree_pause *pause,
		   struct oid *out);
int tree_hash_link(int at, const char *name, struct oid *out);
/* Either, as st says of name in the open directory at. */
int tree_hash(int at, const char *name, const struct stat *st, struct oid *oid);

#endif
