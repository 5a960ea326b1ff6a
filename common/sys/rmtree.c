#include "common/base/base.h"
#include "common/sys/rmtree.h"

#include "common/sys/dirstream.h"
#include "common/sys/fault.h"
#include "common/sys/fileio.h"

#define DEPTH_MAX 4096

static int remove_below(DIR *d, dev_t dev, int depth, struct err *err);

/* Ourselves as owner may have taken the write bit from a directory. */
static int unlink_hard(int at, const char *name, int flags)
{
	if (!unlinkat(at, name, flags))
		return 0;
	if (errno != EACCES || fchmod(at, 0700) < 0)
		return -1;
	return unlinkat(at, name, flags);
}

static int remove_dir(int at, const char *name, dev_t dev, int depth,
		      struct err *err)
{
	int fd = openat(at, name,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	DIR *d;
	int ret;

	if (fd < 0 && errno == EACCES &&
	    !fchmodat(at, name, 0700, AT_SYMLINK_NOFOLLOW))
		fd = openat(at, name,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, "cannot open directory '%s'", name);
	if (fstat(fd, &st) < 0 || st.st_dev != dev) {
		close_quietly(fd);
		return err_set(err, ERR_REFUSED, "'%s' is another file system",
			       name);
	}
	d = fdopendir(fd);
	if (!d) {
		close_quietly(fd);
		return err_sys(err, "cannot read directory '%s'", name);
	}
	ret = depth >= DEPTH_MAX
		      ? err_set(err, ERR_FAILED, "'%s' is too deep", name)
		      : remove_below(d, dev, depth + 1, err);
	closedir(d);
	if (ret < 0)
		return ret;
	if (unlink_hard(at, name, AT_REMOVEDIR) < 0)
		return err_sys(err, "cannot remove directory '%s'", name);
	return 0;
}

static int remove_below(DIR *d, dev_t dev, int depth, struct err *err)
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
		if (remove_dir(at, e->d_name, dev, depth, err) < 0)
			ret = err->code;
	}
	return ret;
}

int rmtree(int dir, const char *name, struct err *err)
{
	struct stat st;

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
	return remove_dir(dir, name, st.st_dev, 0, err);
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
