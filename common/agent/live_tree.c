#include "common/base/base.h"
#include "common/agent/live_tree.h"

#include "common/agent/releases.h"
#include "common/agent/seal.h"

#include <sys/sysmacros.h>

void live_tree_release(struct live_tree *t)
{
	if (t->fd >= 0)
		close_quietly(t->fd);
	release_index_release(&t->sealed);
	*t = (struct live_tree)LIVE_TREE_INIT;
}

static int refuse(struct err *err)
{
	err->code = ERR_REFUSED;
	return err_hint(err, NOTHING_DELETED);
}

static int changed_meanwhile(struct err *err)
{
	err_set(err, ERR_REFUSED, "a release was activated meanwhile");
	return err_hint(err, "nothing was changed; run the same command again");
}

/* Also one that is bind-mounted from the same file system. */
static bool is_mounted(int fd, dev_t around)
{
	struct statx x;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &x) < 0)
		return true;
	return makedev(x.stx_dev_major, x.stx_dev_minor) != around ||
	       x.stx_attributes & x.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT;
}

static int open_release(struct agent *a, struct live_tree *t, struct err *err)
{
	struct stat around;

	t->fd = openat(a->releases_fd, t->id,
		       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (t->fd < 0 || fstat(t->fd, &t->st) < 0 ||
	    fstat(a->releases_fd, &around) < 0) {
		err_sys(err, "the live release '%s' cannot be opened", t->id);
		return refuse(err);
	}
	if (is_mounted(t->fd, around.st_dev)) {
		err_set(err, ERR_REFUSED,
			"the live release '%s' is another file system than "
			"its releases/",
			t->id);
		return refuse(err);
	}
	return 0;
}

/* By its index: that it has none is what makes it foreign. */
static int load_index(struct agent *a, struct live_tree *t, struct err *err)
{
	AUTO_ERR struct err why = ERR_INIT;
	int ret = seal_load(a, t->id, &t->sealed, &why);

	t->kind = ret < 0 ? SCAN_FOREIGN : SCAN_SEALED;
	if (!ret || ret == ERR_NOTFOUND)
		return 0;
	err_set(err, ERR_REFUSED, "%s", why.msg.buf);
	return refuse(err);
}

static int open_plain(struct agent *a, struct live_tree *t, struct err *err)
{
	t->kind = SCAN_PLAIN;
	t->fd = openat(a->root_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (t->fd < 0 || fstat(t->fd, &t->st) < 0)
		return err_sys(err, "cannot open '%s'", a->root);
	return 0;
}

int live_tree_open(struct agent *a, const struct message *m,
		   struct live_tree *t, struct err *err)
{
	const char *expect = message_get(m, "expect");

	if (!expect)
		return err_set(err, ERR_FAILED, "what is live was not said");
	if (a->root_fd < 0)
		return err_set(err, ERR_NOTFOUND, "nothing is live");
	if (a->plain)
		return open_plain(a, t, err);
	if (releases_current(a, t->id, err) < 0)
		return err->code;
	if (!*t->id && !*expect)
		return err_set(err, ERR_NOTFOUND, "nothing is live");
	if (strcmp(t->id, expect) != 0)
		return changed_meanwhile(err);
	if (open_release(a, t, err) < 0)
		return err->code;
	return load_index(a, t, err);
}

int live_tree_confirm(struct agent *a, const struct live_tree *t, struct err *err)
{
	struct stat st;
	char id[129];

	if (t->kind == SCAN_PLAIN) {
		if (stat(a->root, &st) < 0)
			st.st_ino = 0;
	} else {
		if (releases_current(a, id, err) < 0)
			return err->code;
		if (strcmp(id, t->id) != 0)
			return changed_meanwhile(err);
		if (fstatat(a->releases_fd, t->id, &st, AT_SYMLINK_NOFOLLOW) < 0)
			st.st_ino = 0;
	}
	if (st.st_ino == t->st.st_ino && st.st_dev == t->st.st_dev)
		return 0;
	err_set(err, ERR_REFUSED,
		"'%s' was moved or removed while it was looked at",
		*t->id ? t->id : a->root);
	return refuse(err);
}
