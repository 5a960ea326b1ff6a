#include "common/base/base.h"
#include "common/agent/prune.h"

#include "common/agent/in_use.h"
#include "common/agent/link.h"
#include "common/agent/lock.h"
#include "common/agent/old_agents.h"
#include "common/agent/root.h"
#include "common/sys/dirstream.h"
#include "common/sys/fault.h"
#include "common/sys/rmtree.h"

#include <time.h>

static bool good(const struct release *rel)
{
	return rel->staged_seq && rel->present && rel->state == RELEASE_HEALTHY;
}

/* Ours, once live or never to be: not foreign, not in the making. */
static bool may_go(const struct releases *r, const struct release *rel)
{
	return rel->staged_seq && rel->present && !rel->live &&
	       releases_certain(r, rel) && rel != releases_previous(r) &&
	       rel->state != RELEASE_STAGED;
}

/* By when they were last live: what came last is worth most. */
static size_t newer_good(const struct releases *r, const struct release *rel)
{
	size_t n = 0;

	for (size_t i = 0; i < r->nr; i++)
		if (&r->v[i] != rel && good(&r->v[i]) &&
		    (r->v[i].live || r->v[i].live_seq > rel->live_seq))
			n++;
	return n;
}

void prune_select(const struct releases *r, uint64_t keep, struct strvec *out)
{
	for (size_t i = 0; i < r->nr; i++) {
		const struct release *rel = &r->v[i];

		if (!may_go(r, rel))
			continue;
		if (good(rel) && newer_good(r, rel) < keep)
			continue;
		/* Rolled back or bad: kept to be looked at, while recent. */
		if (!good(rel) && rel->live_seq &&
		    newer_good(r, rel) < (keep < 2 ? keep : 2))
			continue;
		strvec_push(out, rel->id);
	}
}

const struct release *prune_recyclable(struct agent *a, const struct releases *r,
				       uint64_t keep, uint64_t recycle_after)
{
	/*
	 * Count as if the release to be made were there: it will be live, so
	 * one good one more falls out.
	 */
	AUTO_STRVEC struct strvec going = STRVEC_INIT;
	time_t now = time(NULL);

	prune_select(r, keep > 2 ? keep - 1 : 2, &going);
	for (size_t i = 0; i < going.nr; i++) {
		const struct release *rel = releases_find(r, going.v[i]);

		if (rel->state != RELEASE_HEALTHY || !rel->left_at ||
		    rel->left_at > now ||
		    (uint64_t)(now - rel->left_at) < recycle_after)
			continue;
		if (!release_in_use(a, rel->id))
			return rel;
	}
	return NULL;
}

int release_to_trash(struct agent *a, const char *id, struct err *err)
{
	AUTO_FD int trash = root_dot_dir(a, "trash", true);
	int ret;

	if (trash < 0)
		return err_sys(err, "cannot open '.release/trash'");
	ret = rmtree_check_mounts(a->releases_fd, id, err);
	if (ret < 0)
		return ret;
	if (fault("to trash") || renameat(a->releases_fd, id, trash, id) < 0) {
		if (errno == ENOENT)
			return 0;
		return err_sys(err, "cannot move release '%s' away", id);
	}
	if (fsync(a->releases_fd) < 0)
		return err_sys(err, "cannot sync 'releases'");
	return 0;
}

void trash_empty(struct agent *a)
{
	int fd = root_dot_dir(a, "trash", true);
	DIR *d = dirstream_take(fd);
	struct dirent *e;

	if (!d)
		return;
	while ((e = dirstream_next(d))) {
		AUTO_ERR struct err err = ERR_INIT;

		if (rmtree_check_mounts(fd, e->d_name, &err) < 0 ||
		    rmtree(fd, e->d_name, &err) < 0)
			agent_tell(a, "warn",
				   "cannot remove .release/trash/%s: %s",
				   e->d_name, err.msg.buf);
	}
	closedir(d);
}

void release_forget(struct agent *a, const char *id)
{
	static const char *const dirs[] = { "manifest", "index" };

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		AUTO_FD int fd = root_dot_dir(a, dirs[i], false);

		if (fd >= 0)
			(void)unlinkat(fd, id, 0);
	}
	link_forget(a, id);
}

static void forget_log(struct agent *a, const char *id)
{
	AUTO_FD int fd = root_dot_dir(a, "log", false);

	if (fd >= 0)
		(void)unlinkat(fd, id, 0);
}

static int line(struct agent *a, const char *id, enum ledger_event event,
		struct err *err)
{
	const struct ledger_line l = {
		.event = event,
		.release = id,
		.who = a->who,
	};

	return journal_append(&a->journal, a->dot_fd, &l, err);
}

static int prune_one(struct agent *a, const char *id, struct err *err)
{
	int ret = lock_check(a, err);

	if (ret < 0)
		return ret;
	if (release_in_use(a, id))
		return err_set(err, ERR_REFUSED, "a process still lives in it");
	ret = rmtree_check_mounts(a->releases_fd, id, err);
	if (ret < 0)
		return ret;
	ret = line(a, id, LEDGER_PRUNING, err);
	if (ret < 0)
		return ret;
	ret = release_to_trash(a, id, err);
	if (ret < 0)
		return ret;
	release_forget(a, id);
	forget_log(a, id);
	return line(a, id, LEDGER_PRUNED, err);
}

int prune_run(struct agent *a, uint64_t keep, bool dry_run, size_t *removed,
	      struct err *err)
{
	AUTO_RELEASES struct releases r = RELEASES_INIT;
	AUTO_STRVEC struct strvec going = STRVEC_INIT;
	int ret = releases_load(a, &r, err);

	*removed = 0;
	if (ret < 0)
		return ret;
	if (r.lost_end)
		agent_tell(a, "warn",
			   "the ledger has lost its end: no old release is "
			   "removed");
	prune_select(&r, keep, &going);
	for (size_t i = 0; i < going.nr; i++) {
		AUTO_ERR struct err why = ERR_INIT;

		if (dry_run) {
			agent_tell(a, "note", "would remove %s", going.v[i]);
			(*removed)++;
		} else if (prune_one(a, going.v[i], &why) < 0) {
			agent_tell(a, "warn", "release %s stays: %s",
				   going.v[i], why.msg.buf);
		} else {
			(*removed)++;
		}
	}
	if (!dry_run) {
		trash_empty(a);
		old_agents_remove(a);
	}
	return 0;
}

int prune_request(struct agent *a, const struct message *m, struct err *err)
{
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	bool dry_run = message_u64_or(m, "dry-run", 0);
	uint64_t keep;
	size_t removed;

	if (!dry_run && a->lock_fd < 0)
		return err_set(err, ERR_FAILED,
			       "the root was opened to look only");
	if (message_u64(m, "keep", &keep, err) < 0)
		return err->code;
	if (prune_run(a, keep < 1 ? 1 : keep, dry_run, &removed, err) < 0)
		return err->code;
	reply_add(&out, "removed", "%zu", removed);
	pkt_add_flush(&out);
	agent_send(a, &out);
	return 0;
}
