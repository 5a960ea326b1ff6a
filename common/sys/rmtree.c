#include "common/base/base.h"
#include "common/sys/rmtree.h"

#include "common/sys/dirstream.h"
#include "common/sys/fault.h"
#include "common/sys/fileio.h"

/*
 * Directories are held open down to this level. One that is deeper is moved
 * up first, to right below the top, and removed from there: no way back out
 * is looked for by "..", which others could have moved elsewhere, and no tree
 * is too deep for the descriptors a process may have.
 */
#define LEVELS 32

struct removal {
	int top; /* held: the directory that goes in the end */
	dev_t dev;
	uint64_t lifted; /* so many were moved up */
};

static int remove_below(struct removal *r, DIR *d, int level, struct err *err);

/* Ourselves as owner may have taken the write bit from a directory. */
static int unlink_hard(int at, const char *name, int flags)
{
	if (!unlinkat(at, name, flags))
		return 0;
	if (errno != EACCES || fchmod(at, 0700) < 0)
		return -1;
	return unlinkat(at, name, flags);
}

/* What moves has to be writable, too: its ".." changes. */
static int move_hard(int at, const char *name, int to, const char *new)
{
	if (!renameat(at, name, to, new))
		return 0;
	if (errno != EACCES || fchmod(at, 0700) < 0 ||
	    fchmodat(at, name, 0700, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	return renameat(at, name, to, new);
}

/* Something has this name already, at the top of what goes anyway. */
static bool is_taken(int error)
{
	return error == EEXIST || error == ENOTEMPTY || error == ENOTDIR ||
	       error == EISDIR;
}

static int lift(struct removal *r, int at, const char *name, struct err *err)
{
	uint64_t nr = r->lifted;
	char new[32];
	int ret;

	if (!unlink_hard(at, name, AT_REMOVEDIR))
		return 0;
	do {
		snprintf(new, sizeof(new), ".deep-%" PRIu64, nr++);
		ret = move_hard(at, name, r->top, new);
	} while (ret < 0 && is_taken(errno));
	if (ret < 0)
		return err_sys(err, "cannot move directory '%s'", name);
	r->lifted = nr;
	return 0;
}

static int open_dir(int at, const char *name, DIR **out, struct err *err)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(at, name, flags);

	if (fd < 0 && errno == EACCES &&
	    !fchmodat(at, name, 0700, AT_SYMLINK_NOFOLLOW))
		fd = openat(at, name, flags);
	*out = dirstream_take(fd);
	return *out ? 0 : err_sys(err, "cannot open directory '%s'", name);
}

static int remove_dir(struct removal *r, int at, const char *name, int level,
		      struct err *err)
{
	struct stat st;
	DIR *d;
	int ret;

	if (level > LEVELS)
		return lift(r, at, name, err);
	if (open_dir(at, name, &d, err) < 0)
		return err->code;
	if (fstat(dirfd(d), &st) < 0 || st.st_dev != r->dev)
		ret = err_set(err, ERR_REFUSED, "'%s' is another file system",
			      name);
	else
		ret = remove_below(r, d, level, err);
	closedir(d);
	if (ret < 0)
		return ret;
	if (unlink_hard(at, name, AT_REMOVEDIR) < 0)
		return err_sys(err, "cannot remove directory '%s'", name);
	return 0;
}

static int remove_below(struct removal *r, DIR *d, int level, struct err *err)
{
	int at = dirfd(d), ret = 0;
	struct dirent *e;

	while ((e = dirstream_next(d))) {
		if (e->d_type != DT_DIR && !unlink_hard(at, e->d_name, 0))
			continue;
		if (e->d_type != DT_DIR && errno != EISDIR && errno != EPERM) {
			ret = err_sys(err, "cannot remove '%s'", e->d_name);
			continue;
		}
		if (remove_dir(r, at, e->d_name, level + 1, err) < 0)
			ret = err->code;
	}
	return ret;
}

/* Again while something was moved up; what the last time says holds. */
static int remove_all(struct removal *r, DIR *d, struct err *err)
{
	for (;;) {
		AUTO_ERR struct err why = ERR_INIT;
		uint64_t before = r->lifted;
		int ret = remove_below(r, d, 1, &why);

		if (r->lifted == before)
			return ret < 0 ? err_set(err, ret, "%s", why.msg.buf) : 0;
		rewinddir(d);
	}
}

int rmtree(int dir, const char *name, struct err *err)
{
	struct removal r = { .top = -1 };
	struct stat st;
	DIR *d;
	int ret;

	if (fault("remove tree"))
		return err_sys(err, "cannot remove '%s'", name);
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT
			       ? 0
			       : err_sys(err, "cannot look at '%s'", name);
	if (!S_ISDIR(st.st_mode))
		return unlinkat(dir, name, 0) < 0
			       ? err_sys(err, "cannot remove '%s'", name)
			       : 0;
	if (open_dir(dir, name, &d, err) < 0)
		return err->code;
	r.top = dirfd(d);
	if (fstat(r.top, &st) < 0) {
		ret = err_sys(err, "cannot look at '%s'", name);
	} else {
		r.dev = st.st_dev;
		ret = remove_all(&r, d, err);
	}
	closedir(d);
	if (!ret && unlink_hard(dir, name, AT_REMOVEDIR) < 0)
		ret = err_sys(err, "cannot remove directory '%s'", name);
	return ret;
}

/* mountinfo(5) writes blank, tab, newline and backslash as octal. */
static void unescape(char *s)
{
	char *out = s;

	for (; *s; s++, out++) {
		if (s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] && s[3]) {
			*out = (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 |
				      (s[3] - '0'));
			s += 3;
		} else {
			*out = *s;
		}
	}
	*out = '\0';
}

int rmtree_check_mounts(int dir, const char *name, struct err *err)
{
	AUTO_STRBUF struct strbuf info = STRBUF_INIT;
	AUTO_FD int fd =
		openat(dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	char self[64], path[PATH_MAX];
	char *save = NULL;
	ssize_t n;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR
			       ? 0
			       : err_sys(err, "cannot open '%s'", name);
	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	n = readlink(self, path, sizeof(path) - 1);
	AUTO_FD int in = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);

	strbuf_limit(&info, 16 << 20);
	if (n < 0 || in < 0 || read_rest(in, &info) < 0)
		return err_sys(err, "cannot see what is mounted below '%s'",
			       name);
	path[n] = '\0';
	for (char *line = strtok_r(info.buf, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		char *field = line, *end;

		for (int i = 0; i < 4 && field; i++) {
			field = strchr(field, ' ');
			field = field ? field + 1 : NULL;
		}
		end = field ? strchr(field, ' ') : NULL;
		if (!end)
			continue;
		*end = '\0';
		unescape(field);
		if (!strncmp(field, path, (size_t)n) &&
		    (!field[n] || field[n] == '/'))
			return err_set(err, ERR_REFUSED,
				       "something is mounted at '%s'", field);
	}
	return 0;
}
