#include "common/base/base.h"
#include "common/agent/root.h"

#include "common/agent/open.h"
#include "common/base/mem.h"
#include "common/sys/beneath.h"
#include "common/sys/dirstream.h"
#include "common/sys/fault.h"
#include "common/text/quote.h"

/* What Capistrano, Deployer and we put into a root. */
static const char *const layout_names[] = {
	"current",  "releases",	     "shared",	   "deployment.log",
	".release", "revisions.log", "repo",	   ".dep",
	"release",  "previous",	     "deploy.log", "current.old",
};

static bool of_layout(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(layout_names); i++)
		if (!strcmp(name, layout_names[i]))
			return true;
	return false;
}

static int refuse(struct err *err, const char *path, const char *why)
{
	AUTO_STRBUF struct strbuf shown = STRBUF_INIT;

	quote_text(&shown, path, strlen(path));
	return err_set(err, ERR_FAILED, "'%s' cannot be a release root: %s",
		       shown.buf, why);
}

/* The one rule for places that are never a root, whatever is in them. */
static int check_place(int fd, const char *real, const char *path, struct err *err)
{
	const char *home = getenv("HOME");
	struct stat st, home_st;

	if (!real[0] || !strchr(real + 1, '/'))
		return refuse(err, path, "it is too close to /");
	if (!strncmp(real, "/home/", 6) && !strchr(real + 6, '/'))
		return refuse(err, path, "it is a home directory");
	if (fd >= 0 && home && !fstat(fd, &st) && !stat(home, &home_st) &&
	    st.st_dev == home_st.st_dev && st.st_ino == home_st.st_ino)
		return refuse(err, path, "it is your home directory");
	return 0;
}

/* What a scan keeps lies in a .release, too, but is no more than that. */
static bool laid_out(int fd)
{
	return !faccessat(fd, ".release/trash", F_OK, AT_SYMLINK_NOFOLLOW);
}

static int survey(int fd, enum root_state *state, struct strbuf *strange)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = dirstream_take(copy);
	bool ours = false, some = false;
	struct dirent *e;

	if (!d)
		return -1;
	while ((e = dirstream_next(d))) {
		some = true;
		if (!strcmp(e->d_name, ".release"))
			ours = laid_out(fd);
		else if (!of_layout(e->d_name) && !strange->len)
			quote_text(strange, e->d_name, strlen(e->d_name));
	}
	closedir(d);
	*state = ours		? ROOT_OURS
		 : strange->len ? ROOT_NOT_A_ROOT
		 : some		? ROOT_FOREIGN
				: ROOT_ABSENT;
	return 0;
}

static int open_dir(int at, const char *name)
{
	return openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static int open_parts(struct agent *a, struct err *err)
{
	static const char *const names[] = { ".release", "releases", "shared" };
	int *const fds[] = { &a->dot_fd, &a->releases_fd, &a->shared_fd };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (*fds[i] >= 0)
			close_quietly(*fds[i]);
		*fds[i] = open_dir(a->root_fd, names[i]);
		if (*fds[i] < 0 && errno != ENOENT)
			return err_sys(err, "cannot open '%s/%s'", a->root,
				       names[i]);
	}
	return 0;
}

/* Where an absent root would be: below its nearest existing parent. */
static int absent_place(const char *path, char out[PATH_MAX], struct err *err)
{
	AUTO_FREE char *copy = xstrdup(path);
	char real[PATH_MAX] = "";
	char *slash;

	while ((slash = strrchr(copy, '/'))) {
		bool top = slash == copy;

		*slash = '\0';
		if (top || realpath(copy, real))
			break;
	}
	if (!slash && !realpath(".", real))
		return err_sys(err, "cannot tell where the login's home is");
	if (snprintf(out, PATH_MAX, "%s%s%s", strcmp(real, "/") ? real : "",
		     slash ? "" : "/",
		     slash ? path + (slash - copy) : path) >= PATH_MAX)
		return err_set(err, ERR_FAILED, "the root's path is too long");
	return 0;
}

static int check_text(const char *path, struct err *err)
{
	size_t len = strlen(path);

	if (!len || len >= PATH_MAX - 512)
		return refuse(err, path, "its path is empty or too long");
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)path[i] < 0x20 || path[i] == 0x7f)
			return refuse(err, path,
				      "its path holds control "
				      "characters");
	return 0;
}

int root_open(struct agent *a, const char *path, enum root_leave leave,
	      enum root_state *state, struct err *err)
{
	AUTO_STRBUF struct strbuf strange = STRBUF_INIT;
	int ret = check_text(path, err);

	if (ret < 0)
		return ret;
	a->root_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (a->root_fd < 0 && errno != ENOENT)
		return err_sys(err, "cannot open the root '%s'", path);
	if (a->root_fd < 0) {
		*state = ROOT_ABSENT;
		ret = absent_place(path, a->root, err);
		return ret < 0 ? ret : check_place(-1, a->root, path, err);
	}
	if (!realpath(path, a->root))
		return err_sys(err, "cannot resolve the root '%s'", path);
	ret = check_place(a->root_fd, a->root, path, err);
	if (ret < 0)
		return ret;
	if (survey(a->root_fd, state, &strange) < 0)
		return err_sys(err, "cannot read the root '%s'", path);
	/* Names like ours in it are the application's. */
	a->plain = *state == ROOT_NOT_A_ROOT && leave == ROOT_LOOK_PLAIN;
	if (a->plain)
		return 0;
	if (*state == ROOT_NOT_A_ROOT && leave != ROOT_ADOPT) {
		err_set(err, ERR_FAILED,
			"'%s' holds other files ('%s') and was never a "
			"release root",
			a->root, strange.buf);
		return err_hint(err, "if it is to become one: "
				     "git release init --adopt");
	}
	return open_parts(a, err);
}

/* Links lead on where a directory is there already, not where one is made. */
static int make_parents(const char *path)
{
	AUTO_FREE char *copy = xstrdup(path);
	AUTO_FD int at =
		open(*path == '/' ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	char *save = NULL;

	for (char *name = strtok_r(copy, "/", &save); at >= 0 && name;
	     name = strtok_r(NULL, "/", &save)) {
		int next = openat(at, name, O_PATH | O_DIRECTORY | O_CLOEXEC);

		if (next < 0 && errno == ENOENT)
			next = beneath_mkdir(at, name, 0755);
		if (next < 0)
			return -1;
		close_quietly(at);
		at = next;
	}
	return at < 0 ? -1 : 0;
}

static int make_dir(int at, const char *name, mode_t mode)
{
	AUTO_FD int fd = -1;

	if (fault("make root"))
		return -1;
	fd = beneath_mkdir(at, name, mode);
	return fd < 0 ? -1 : 0;
}

int root_prepare(struct agent *a, const char *path, struct err *err)
{
	static const char *const inner[] = { "bin", "manifest", "index", "link",
					     "log", "tmp",	"trash" };

	if (a->root_fd < 0) {
		if (make_parents(path) < 0)
			return err_sys(err, "cannot make the root '%s'", path);
		a->root_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (a->root_fd < 0 || !realpath(path, a->root))
			return err_sys(err, "cannot open the root '%s'", path);
	}
	if (a->dot_fd >= 0 && a->releases_fd >= 0 && a->shared_fd >= 0 &&
	    laid_out(a->root_fd))
		return 0;
	if (make_dir(a->root_fd, ".release", 0700) < 0 ||
	    make_dir(a->root_fd, "releases", 0755) < 0 ||
	    make_dir(a->root_fd, "shared", 0755) < 0)
		return err_sys(err, "cannot lay out the root '%s'", a->root);
	if (open_parts(a, err) < 0)
		return err->code;
	for (size_t i = 0; i < ARRAY_SIZE(inner); i++)
		if (make_dir(a->dot_fd, inner[i], 0700) < 0)
			return err_sys(err, "cannot lay out '%s/.release'",
				       a->root);
	return 0;
}

int root_dot_dir(struct agent *a, const char *name, bool make)
{
	int fd = open_dir(a->dot_fd, name);

	if (fd >= 0 || errno != ENOENT || !make)
		return fd;
	if (mkdirat(a->dot_fd, name, 0700) < 0 && errno != EEXIST)
		return -1;
	return open_dir(a->dot_fd, name);
}

int root_make_dot(struct agent *a)
{
	if (a->dot_fd >= 0)
		return 0;
	if (mkdirat(a->root_fd, ".release", 0700) < 0 && errno != EEXIST)
		return -1;
	a->dot_fd = open_dir(a->root_fd, ".release");
	if (a->dot_fd < 0)
		return -1;
	self_install(a, a->image);
	return 0;
}
