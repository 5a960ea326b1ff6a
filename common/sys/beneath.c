#include "common/base/base.h"
#include "common/sys/beneath.h"

#include <linux/openat2.h>
#include <sys/syscall.h>

static bool no_openat2;

static int try_openat2(int dir, const char *path, int flags, mode_t mode)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.mode = flags & O_CREAT ? mode : 0,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
	};

	return (int)syscall(SYS_openat2, dir, path, &how, sizeof(how));
}

/* One component: not empty, not "." or "..". */
static bool component_ok(const char *s, size_t len)
{
	if (!len || len > NAME_MAX)
		return false;
	return !(s[0] == '.' && (len == 1 || (len == 2 && s[1] == '.')));
}

static int copy_component(char *out, const char *s, size_t len)
{
	if (!component_ok(s, len)) {
		errno = EINVAL;
		return -1;
	}
	memcpy(out, s, len);
	out[len] = '\0';
	return 0;
}

int beneath_mkdir(int dir, const char *name, mode_t mode)
{
	bool made = !mkdirat(dir, name, 0700);
	AUTO_FD int fd = -1;
	struct stat st;

	if (!made && errno != EEXIST)
		return -1;
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -1;
	/* Another one in its place: not ours, or not as it was made. */
	if (made &&
	    (fstat(fd, &st) < 0 || st.st_uid != geteuid() || st.st_mode & 077)) {
		errno = EEXIST;
		return -1;
	}
	if (made && fchmod(fd, mode) < 0)
		return -1;
	return TAKE_FD(fd);
}

/*
 * Walks down to the last component, which is left in name. With make, missing
 * directories are made. Returns the directory that holds it.
 */
static int walk(int dir, const char *path, char name[NAME_MAX + 1],
		const mode_t *make)
{
	AUTO_FD int at = fcntl(dir, F_DUPFD_CLOEXEC, 3);
	const char *slash;

	while (at >= 0 && (slash = strchr(path, '/'))) {
		int next;

		if (copy_component(name, path, (size_t)(slash - path)) < 0)
			return -1;
		next = make ? beneath_mkdir(at, name, *make)
			    : openat(at, name,
				     O_PATH | O_DIRECTORY | O_NOFOLLOW |
					     O_CLOEXEC);
		if (next < 0)
			return -1;
		close_quietly(at);
		at = next;
		path = slash + 1;
	}
	if (at < 0 || copy_component(name, path, strlen(path)) < 0)
		return -1;
	return TAKE_FD(at);
}

int beneath_open(int dir, const char *path, int flags, mode_t mode)
{
	char name[NAME_MAX + 1];

	if (!no_openat2) {
		int fd = try_openat2(dir, path, flags, mode);

		if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
			return fd;
		if (errno == ENOSYS)
			no_openat2 = true;
	}
	AUTO_FD int at = walk(dir, path, name, NULL);

	if (at < 0)
		return -1;
	return openat(at, name, flags | O_NOFOLLOW | O_CLOEXEC, mode);
}

int beneath_parent(int dir, const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	char parent[PATH_MAX];

	if (!slash) {
		if (!component_ok(path, strlen(path))) {
			errno = EINVAL;
			return -1;
		}
		*name = path;
		return fcntl(dir, F_DUPFD_CLOEXEC, 3);
	}
	if ((size_t)(slash - path) >= sizeof(parent) ||
	    !component_ok(slash + 1, strlen(slash + 1))) {
		errno = EINVAL;
		return -1;
	}
	memcpy(parent, path, (size_t)(slash - path));
	parent[slash - path] = '\0';
	*name = slash + 1;
	return beneath_open(dir, parent, O_PATH | O_DIRECTORY, 0);
}

int beneath_mkdirs(int dir, const char *path, mode_t mode)
{
	char name[NAME_MAX + 1];
	AUTO_FD int at = walk(dir, path, name, &mode);

	return at < 0 ? -1 : beneath_mkdir(at, name, mode);
}
