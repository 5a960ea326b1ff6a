#include "common/base/base.h"
#include "common/agent/tree.h"

#include "common/sys/beneath.h"
#include "common/sys/fileio.h"
#include "common/sys/hash.h"

#include <sys/sysmacros.h>

void tree_init(struct tree *t, int fd)
{
	t->fd = fd;
	t->dir_fd = -1;
	t->dir_len = 0;
	t->dir[0] = '\0';
}

void tree_release(struct tree *t)
{
	if (t->dir_fd >= 0)
		close_quietly(t->dir_fd);
	t->dir_fd = -1;
}

int tree_directory(struct tree *t, const char *path, size_t len)
{
	if (t->dir_fd >= 0 && len == t->dir_len && !memcmp(t->dir, path, len))
		return t->dir_fd;
	if (len >= sizeof(t->dir)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	tree_release(t);
	memcpy(t->dir, path, len);
	t->dir[len] = '\0';
	t->dir_len = len;
	t->dir_fd = beneath_open(t->fd, t->dir, O_RDONLY | O_DIRECTORY, 0);
	return t->dir_fd;
}

int tree_parent(struct tree *t, const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');

	*name = slash ? slash + 1 : path;
	return slash ? tree_directory(t, path, (size_t)(slash - path)) : t->fd;
}

int tree_make_parents(struct tree *t, const char *path, mode_t mode)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 0;

	if (!slash ||
	    (t->dir_fd >= 0 && len == t->dir_len && !memcmp(t->dir, path, len)))
		return 0;
	if (len >= sizeof(t->dir)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	tree_release(t);
	memcpy(t->dir, path, len);
	t->dir[len] = '\0';
	t->dir_len = len;
	t->dir_fd = beneath_mkdirs(t->fd, t->dir, mode);
	return t->dir_fd < 0 ? -1 : 0;
}

static void to_stat(const struct statx *x, struct stat *st)
{
	*st = (struct stat){
		.st_dev = makedev(x->stx_dev_major, x->stx_dev_minor),
		.st_ino = x->stx_ino,
		.st_mode = x->stx_mode,
		.st_nlink = x->stx_nlink,
		.st_uid = x->stx_uid,
		.st_gid = x->stx_gid,
		.st_size = (off_t)x->stx_size,
		.st_mtim = { .tv_sec = x->stx_mtime.tv_sec,
			     .tv_nsec = x->stx_mtime.tv_nsec },
		.st_ctim = { .tv_sec = x->stx_ctime.tv_sec,
			     .tv_nsec = x->stx_ctime.tv_nsec },
	};
}

int tree_look(int at, const char *name, dev_t dev, struct stat *st)
{
	struct statx x;

	if (statx(at, name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT,
		  STATX_BASIC_STATS, &x) < 0)
		return -1;
	to_stat(&x, st);
	if (st->st_dev == dev &&
	    !(x.stx_attributes & x.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT))
		return 0;
	errno = EXDEV;
	return -1;
}

static int64_t nanoseconds(const struct timespec *ts)
{
	return (int64_t)ts->tv_sec * 1000000000 + ts->tv_nsec;
}

void stat_record_set(struct stat_record *r, const struct stat *st)
{
	r->size = S_ISDIR(st->st_mode) ? 0 : (uint64_t)st->st_size;
	r->ino = st->st_ino;
	r->mtime = nanoseconds(&st->st_mtim);
	r->ctime = nanoseconds(&st->st_ctim);
	r->mode = st->st_mode;
}

bool stat_record_matches(const struct stat_record *r, const struct stat *st)
{
	struct stat_record now;

	stat_record_set(&now, st);
	return now.size == r->size && now.ino == r->ino &&
	       now.mtime == r->mtime && now.ctime == r->ctime &&
	       now.mode == r->mode;
}

bool stat_is_indexed(const struct stat *st, const struct release_index *x,
		     const struct index_entry *e)
{
	const struct stat_record r = {
		.size = e->size,
		.ino = e->ino,
		.mtime = e->mtime,
		.ctime = e->ctime,
		.mode = e->mode & RELEASE_INDEX_ST_MODE,
	};

	return stat_record_matches(&r, st) && release_index_settled(x, e);
}

/* Bytes of a file between two pauses. */
#define PAUSE_EVERY ((uint64_t)16 << 20)

static bool same_file(int fd, const struct stat *st)
{
	struct stat now;

	if (fstat(fd, &now) < 0)
		return false;
	errno = EBADMSG;
	return S_ISREG(now.st_mode) && now.st_ino == st->st_ino &&
	       now.st_dev == st->st_dev;
}

int tree_open_file(int at, const char *name, const struct stat *st)
{
	AUTO_FD int path = openat(at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	char proc[64];
	int fd;

	if (path < 0 || !same_file(path, st))
		return -1;
	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", path);
	fd = open(proc, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0 || errno != ENOENT)
		return fd;
	/* Without /proc. */
	AUTO_FD int named =
		openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	return named < 0 || !same_file(named, st) ? -1 : TAKE_FD(named);
}

static bool stopped(const struct tree_pause *pause, uint64_t seen, size_t n)
{
	if (!pause || seen / PAUSE_EVERY == (seen - n) / PAUSE_EVERY ||
	    !pause->ask(pause->ctx))
		return false;
	errno = ECANCELED;
	return true;
}

int tree_hash_file(int fd, uint64_t size, const struct tree_pause *pause,
		   struct oid *out)
{
	struct blob_hash hash;
	char buf[65536];
	uint64_t seen = 0;

	blob_hash_init(&hash, size);
	for (;;) {
		ssize_t n = pread(fd, buf, sizeof(buf), (off_t)seen);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (!n)
			break;
		seen += (uint64_t)n;
		if (seen > size)
			break;
		if (stopped(pause, seen, (size_t)n))
			return -1;
		blob_hash_update(&hash, buf, (size_t)n);
	}
	if (seen != size) {
		errno = EBADMSG;
		return -1;
	}
	blob_hash_final(&hash, out);
	return 0;
}

int tree_hash_link(int at, const char *name, struct oid *out)
{
	struct blob_hash hash;
	char target[PATH_MAX];
	ssize_t n = readlinkat(at, name, target, sizeof(target));

	/* It was a link a moment ago. */
	if (n < 0 && errno == EINVAL)
		errno = EBADMSG;
	if (n < 0)
		return -1;
	blob_hash_init(&hash, (uint64_t)n);
	blob_hash_update(&hash, target, (size_t)n);
	blob_hash_final(&hash, out);
	return 0;
}

int tree_hash(int at, const char *name, const struct stat *st, struct oid *oid)
{
	if (S_ISLNK(st->st_mode))
		return tree_hash_link(at, name, oid);
	AUTO_FD int fd = tree_open_file(at, name, st);

	return fd < 0 ? -1 : tree_hash_file(fd, (uint64_t)st->st_size, NULL, oid);
}
