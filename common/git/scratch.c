#include "common/base/base.h"
#include "common/git/scratch.h"
#include "common/base/mem.h"
#include "common/sys/dirstream.h"
#include "common/sys/fileio.h"
#include "common/sys/rmtree.h"

#include <sys/file.h>
#include <sys/random.h>

#define PREFIX	"git-release-" /* 12 characters, then 12 of chance */
#define TRIES	8
#define DIRFLAG (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

static int open_made(int at, const char *name, mode_t mode)
{
	if (mkdirat(at, name, mode) < 0 && errno != EEXIST)
		return -1;
	return openat(at, name, DIRFLAG);
}

static int open_parent(git_repository *repo, int *out, struct err *err)
{
	AUTO_FD int common = open(git_repository_commondir(repo),
				  O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO_FD int ours = -1;

	if (common < 0)
		return err_sys(err, "cannot open '%s'",
			       git_repository_commondir(repo));
	ours = open_made(common, "git-release", 0777);
	if (ours < 0)
		return err_sys(err, "cannot make '%sgit-release'",
			       git_repository_commondir(repo));
	*out = open_made(ours, "tmp", 0700);
	if (*out < 0)
		return err_sys(err, "cannot make '%sgit-release/tmp'",
			       git_repository_commondir(repo));
	return 0;
}

/* Takes the lock of a directory that exists under this very name. */
static int hold(int parent, const char *name)
{
	AUTO_FD int dir = openat(parent, name, DIRFLAG);
	struct stat held, named;

	if (dir < 0 || flock(dir, LOCK_EX | LOCK_NB) < 0)
		return -1;
	if (fstat(dir, &held) < 0 ||
	    fstatat(parent, name, &named, AT_SYMLINK_NOFOLLOW) < 0 ||
	    held.st_ino != named.st_ino || held.st_dev != named.st_dev)
		return -1;
	return TAKE_FD(dir);
}

static void remove_stale(int parent)
{
	AUTO_ERR struct err ignored = ERR_INIT;
	int fd = openat(parent, ".", DIRFLAG);
	DIR *d = dirstream_take(fd);
	struct dirent *e;

	if (!d)
		return;
	while ((e = dirstream_next(d))) {
		AUTO_FD int held = -1;

		if (strncmp(e->d_name, PREFIX, strlen(PREFIX)))
			continue;
		held = hold(parent, e->d_name);
		/* What cannot be removed now will be tried again next time. */
		if (held >= 0 && rmtree(parent, e->d_name, &ignored) < 0)
			continue;
	}
	closedir(d);
}

static int make_token(char token[SCRATCH_TOKEN_SIZE])
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
	unsigned char chance[SCRATCH_TOKEN_SIZE - sizeof(PREFIX)];

	if (getrandom(chance, sizeof(chance), 0) != (ssize_t)sizeof(chance))
		return -1;
	memcpy(token, PREFIX, strlen(PREFIX));
	for (size_t i = 0; i < sizeof(chance); i++)
		token[strlen(PREFIX) + i] = digits[chance[i] % 32];
	token[strlen(PREFIX) + sizeof(chance)] = '\0';
	return 0;
}

int scratch_open(git_repository *repo, struct scratch *out, struct err *err)
{
	AUTO_SCRATCH struct scratch s = SCRATCH_INIT;
	char self[32];
	int ret;

	if ((ret = open_parent(repo, &s.parent, err)) < 0)
		return ret;
	remove_stale(s.parent);
	/* Between mkdir and flock somebody's remove_stale() may come first. */
	for (int i = 0; i < TRIES && s.dir < 0; i++) {
		if (make_token(s.token) < 0)
			return err_sys(err, "no random numbers");
		if (mkdirat(s.parent, s.token, 0700) < 0)
			return err_sys(err,
				       "cannot make a directory in "
				       "'%sgit-release/tmp'",
				       git_repository_commondir(repo));
		s.dir = hold(s.parent, s.token);
	}
	if (s.dir < 0)
		return err_set(err, ERR_FAILED, "cannot lock '%s'", s.token);
	snprintf(self, sizeof(self), "/proc/self/fd/%d", s.dir);
	s.path = realpath(self, NULL);
	if (!s.path)
		return err_sys(err, "cannot tell the path of '%s'", s.token);
	*out = s;
	s = (struct scratch)SCRATCH_INIT;
	return 0;
}

void scratch_release(struct scratch *s)
{
	AUTO_ERR struct err ignored = ERR_INIT;

	/* What cannot be removed is stale once our lock is gone. */
	if (s->dir >= 0 && rmtree(s->parent, s->token, &ignored) < 0)
		ignored.code = 0;
	if (s->dir >= 0)
		close_quietly(s->dir);
	if (s->parent >= 0)
		close_quietly(s->parent);
	free(s->path);
	*s = (struct scratch)SCRATCH_INIT;
}
