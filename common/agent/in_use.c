#include "common/base/base.h"
#include "common/agent/in_use.h"
#include "common/sys/dirstream.h"

#include "common/sys/fileio.h"

static bool below(const char *path, const char *dir, size_t len)
{
	return !strncmp(path, dir, len) &&
	       (!path[len] || path[len] == '/' || path[len] == ' ');
}

static bool link_below(int at, const char *name, const char *dir, size_t len)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(at, name, target, sizeof(target) - 1);

	if (n < 0)
		return false;
	target[n] = '\0';
	return below(target, dir, len);
}

static bool fds_below(int proc, const char *dir, size_t len)
{
	int fd = openat(proc, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = dirstream_take(fd);
	bool found = false;
	struct dirent *e;

	if (!d)
		return false;
	while (!found && (e = dirstream_next(d)))
		found = link_below(fd, e->d_name, dir, len);
	closedir(d);
	return found;
}

static bool maps_below(int proc, const char *dir, size_t len)
{
	AUTO_FD int fd = openat(proc, "maps", O_RDONLY | O_CLOEXEC);
	AUTO_STRBUF struct strbuf text = STRBUF_INIT;

	strbuf_limit(&text, 16 << 20);
	if (fd < 0 || read_rest(fd, &text) < 0)
		return false;
	for (char *p = text.buf; (p = strstr(p, dir)); p++)
		if (below(p, dir, len))
			return true;
	return false;
}

static bool process_below(int at, const char *pid, const char *dir, size_t len)
{
	AUTO_FD int proc = openat(at, pid, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (proc < 0)
		return false;
	return link_below(proc, "cwd", dir, len) ||
	       link_below(proc, "exe", dir, len) || fds_below(proc, dir, len) ||
	       maps_below(proc, dir, len);
}

bool release_in_use(struct agent *a, const char *id)
{
	char dir[PATH_MAX + 160], self[32];
	size_t len = (size_t)snprintf(dir, sizeof(dir), "%s/releases/%s",
				      a->root, id);
	int fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = dirstream_take(fd);
	bool found = false;
	struct dirent *e;

	if (!d)
		return true; /* nothing proves that nobody is there */
	snprintf(self, sizeof(self), "%ld", (long)getpid());
	while (!found && (e = dirstream_next(d)))
		if (e->d_name[0] >= '1' && e->d_name[0] <= '9' &&
		    strcmp(e->d_name, self))
			found = process_below(fd, e->d_name, dir, len);
	closedir(d);
	return found;
}
