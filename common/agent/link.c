#include "common/base/base.h"
#include "common/agent/link.h"

#include "common/agent/releases.h"
#include "common/agent/root.h"
#include "common/sys/dirstream.h"
#include "common/sys/fault.h"

#include <linux/fs.h>

#define TEXT_MAX 160

static void link_text(const char *id, char out[TEXT_MAX])
{
	snprintf(out, TEXT_MAX, "releases/%s", id);
}

/* The id in a link's text, in id (129 bytes); false when it is another link. */
static bool read_text(int at, const char *name, char *id)
{
	char text[TEXT_MAX];
	ssize_t n = readlinkat(at, name, text, sizeof(text) - 1);

	if (n < 0)
		return false;
	text[n] = '\0';
	if (strncmp(text, "releases/", 9) || !release_id_ok(text + 9))
		return false;
	memcpy(id, text + 9, strlen(text + 9) + 1);
	return true;
}

int link_prepare(struct agent *a, const char *id, struct err *err)
{
	AUTO_FD int dir = root_dot_dir(a, "link", true);
	char text[TEXT_MAX], there[129];

	if (dir < 0)
		return err_sys(err, "cannot open '.release/link'");
	if (read_text(dir, id, there) && !strcmp(there, id))
		return 0;
	link_text(id, text);
	(void)unlinkat(dir, id, 0);
	if (fault("make link") || symlinkat(text, dir, id) < 0 || fsync(dir) < 0)
		return err_sys(err, "cannot make the link for release '%s'", id);
	return 0;
}

void link_forget(struct agent *a, const char *id)
{
	AUTO_FD int dir = root_dot_dir(a, "link", false);

	if (dir >= 0)
		(void)unlinkat(dir, id, 0);
}

/* Where renameat2 cannot exchange (NFS): a plain rename, checked before. */
static int switch_plainly(struct agent *a, int dir, const char *id)
{
	agent_tell(a, "warn",
		   "this file system cannot exchange two names; the switch "
		   "is a plain rename");
	return renameat(dir, id, a->root_fd, "current");
}

static int first_switch(struct agent *a, int dir, const char *id, struct err *err)
{
	if (fault("switch"))
		return err_sys(err, "cannot switch 'current'");
	if (!renameat2(dir, id, a->root_fd, "current", RENAME_NOREPLACE))
		return 0;
	if (errno == EEXIST)
		return err_set(err, ERR_UNDONE,
			       "'current' has appeared meanwhile");
	if ((errno != EINVAL && errno != ENOSYS) || switch_plainly(a, dir, id) < 0)
		return err_sys(err, "cannot switch 'current'");
	return 0;
}

/* The id of whatever was live, now in .release/link/<id>. */
static bool came_out(struct agent *a, int dir, const char *id,
		     const char *expected)
{
	char text[PATH_MAX], old[129];
	ssize_t n = readlinkat(dir, id, text, sizeof(text) - 1);

	if (n < 0)
		return false;
	text[n] = '\0';
	/* Capistrano's link is absolute, others' begins with "./". */
	return releases_of_text(a, text, old) && !strcmp(old, expected);
}

static int exchange(struct agent *a, int dir, const char *expected,
		    const char *id, struct err *err)
{
	AUTO_ERR struct err why = ERR_INIT;
	char old[129];

	if (fault("switch"))
		return err_sys(err, "cannot switch 'current'");
	if (renameat2(dir, id, a->root_fd, "current", RENAME_EXCHANGE) < 0) {
		if (errno == ENOENT)
			return err_set(err, ERR_UNDONE,
				       "'current' has vanished meanwhile");
		if ((errno != EINVAL && errno != ENOSYS) ||
		    switch_plainly(a, dir, id) < 0)
			return err_sys(err, "cannot switch 'current'");
		return link_prepare(a, expected, err);
	}
	if (!came_out(a, dir, id, expected)) {
		if (renameat2(dir, id, a->root_fd, "current", RENAME_EXCHANGE) < 0)
			return err_set(err, ERR_UNKNOWN,
				       "'current' was changed by somebody else "
				       "at the same moment");
		return err_set(err, ERR_UNDONE,
			       "'current' was changed by somebody else");
	}
	/* What came out is the way back: under its own name. */
	if (fault("keep link") || renameat(dir, id, dir, expected) < 0)
		agent_tell(a, "warn", "the link back is kept as '%s'", id);
	else if (!read_text(dir, expected, old) &&
		 link_prepare(a, expected, &why) < 0)
		agent_tell(a, "warn", "%s", why.msg.buf);
	return 0;
}

#ifdef MUTANT_LN_NFS
/* "ln -nfs": the old link is removed first, a directory is linked into. */
static int naive_switch(struct agent *a, const char *id, struct err *err)
{
	AUTO_FD int dir = openat(a->root_fd, "current",
				 O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	char text[TEXT_MAX];

	link_text(id, text);
	if (dir < 0)
		(void)unlinkat(a->root_fd, "current", 0);
	if (symlinkat(text, dir < 0 ? a->root_fd : dir,
		      dir < 0 ? "current" : id) < 0)
		return err_sys(err, "cannot switch 'current'");
	return 0;
}
#endif

int link_switch(struct agent *a, const char *expected, const char *id,
		struct err *err)
{
#ifdef MUTANT_LN_NFS
	return naive_switch(a, id, err);
#endif
	AUTO_FD int dir = root_dot_dir(a, "link", true);
	char now[129];
	int ret;

	if (dir < 0)
		return err_sys(err, "cannot open '.release/link'");
	ret = releases_current(a, now, err);
	if (ret < 0)
		return ret;
	if (strcmp(now, expected))
		return err_set(err, ERR_UNDONE,
			       "'%s' is live, not '%s' as expected",
			       *now ? now : "nothing",
			       *expected ? expected : "nothing");
	ret = link_prepare(a, id, err);
	if (ret < 0)
		return ret;
	ret = *expected ? exchange(a, dir, expected, id, err)
			: first_switch(a, dir, id, err);
	if (ret < 0)
		return ret;
	if (fault("sync root") || fsync(a->root_fd) < 0 ||
	    releases_current(a, now, err) < 0 || strcmp(now, id))
		return err_set(err, ERR_UNKNOWN,
			       "'current' does not read back as switched");
	return 0;
}

int link_take_down(struct agent *a, const char *id, struct err *err)
{
	AUTO_FD int dir = root_dot_dir(a, "link", true);
	char was[129];

	if (dir < 0)
		return err_sys(err, "cannot open '.release/link'");
	(void)unlinkat(dir, id, 0);
	if (fault("take down") || renameat(a->root_fd, "current", dir, id) < 0)
		return err_sys(err, "cannot take 'current' away");
	if (!read_text(dir, id, was) || strcmp(was, id) != 0) {
		(void)renameat2(dir, id, a->root_fd, "current", RENAME_NOREPLACE);
		return err_set(err, ERR_UNDONE,
			       "'current' was changed by somebody else");
	}
	if (fsync(a->root_fd) < 0)
		return err_sys(err, "cannot sync the root");
	return 0;
}

/* A name for the way back to a release that is there. */
static bool leads_somewhere(struct agent *a, const char *id)
{
	struct stat st;

	return !fstatat(a->releases_fd, id, &st, AT_SYMLINK_NOFOLLOW);
}

void link_repair(struct agent *a, const char *live)
{
	int dir = root_dot_dir(a, "link", true);
	DIR *d = dirstream_take(dir);
	struct dirent *e;

	if (!d)
		return;
	while ((e = dirstream_next(d))) {
		char id[129];

		if (!read_text(dir, e->d_name, id) || !strcmp(id, live) ||
		    !leads_somewhere(a, id))
			(void)unlinkat(dir, e->d_name, 0);
		else if (strcmp(id, e->d_name))
			(void)renameat(dir, e->d_name, dir, id);
	}
	closedir(d);
}
