#include "common/base/base.h"
#include "common/agent/open.h"

#include "common/agent/delta_base.h"
#include "common/agent/lock.h"
#include "common/agent/releases.h"
#include "common/agent/root.h"
#include "common/base/num.h"

#include <sys/statvfs.h>

static const char *state_name(const struct agent *a, enum root_state state)
{
	if (a->plain)
		return "plain";
	switch (state) {
	case ROOT_OURS: return "ours";
	case ROOT_FOREIGN: return "foreign";
	default: return "absent";
	}
}

/* The nearest directory that exists tells how much room there will be. */
static void add_room(struct agent *a, struct strbuf *out)
{
	struct statvfs fs;
	char path[PATH_MAX];
	char *slash;

	snprintf(path, sizeof(path), "%s", a->root);
	while (statvfs(*path ? path : "/", &fs) < 0) {
		slash = strrchr(path, '/');
		if (!slash)
			return;
		*slash = '\0';
	}
	reply_add(out, "free-bytes", "%" PRIu64,
		  (uint64_t)fs.f_bavail * fs.f_frsize);
	/* Some file systems count none (btrfs): then there is no limit. */
	if (fs.f_files)
		reply_add(out, "free-inodes", "%" PRIu64, (uint64_t)fs.f_favail);
}

static void add_releases(const struct releases *r, struct strbuf *out)
{
	const struct release *back = releases_previous(r);

	/* A rollback that was interrupted: the same command ends that one. */
	if (r->live && r->unfinished.rollback &&
	    !strcmp(r->live_id, r->unfinished.id))
		back = r->live;
	reply_add(out, "live", "%s", r->live_id);
	if (back)
		reply_add(out, "rollback", "%s", back->id);
	for (size_t i = 0; i < r->nr; i++) {
		const struct release *rel = &r->v[i];

		if (rel->present)
			reply_add(out, "release", "%s\t%s\t%s\t%s\t%d\t%d",
				  rel->id, release_state_name(rel->state),
				  rel->package, rel->version, rel->live,
				  !rel->staged_seq);
	}
}

/* What a delta can build upon: the live release, if its manifest is here. */
static void add_base(struct agent *a, const struct releases *r, struct strbuf *out)
{
	AUTO_ERR struct err ignored = ERR_INIT;

	if (!r->live || !*r->live->package ||
	    delta_base_open(a, r->live->id, &a->base, &ignored) < 0)
		return;
	reply_add(out, "base", "%s", r->live->id);
}

static int look(struct agent *a, enum root_state state, bool change,
		struct err *err)
{
	AUTO_RELEASES struct releases r = RELEASES_INIT;
	AUTO_STRBUF struct strbuf out = STRBUF_INIT;
	AUTO_STRBUF struct strbuf holder = STRBUF_INIT;

	if (releases_load(a, &r, err) < 0)
		return err->code;
	reply_add(&out, "root", "%s", a->root);
	reply_add(&out, "state", "%s", state_name(a, state));
	add_room(a, &out);
	add_releases(&r, &out);
	if (a->journal.damaged)
		reply_add(&out, "damaged-lines", "%zu", a->journal.damaged);
	if (change) {
		add_base(a, &r, &out);
	} else {
		lock_holder(a, &holder);
		if (holder.len)
			reply_add(&out, "lock", "%s", holder.buf);
	}
	pkt_add_flush(&out);
	agent_send(a, &out);
	return 0;
}

static int take_over(struct agent *a, const struct message *m, const char *root,
		     struct err *err)
{
	const char *reason = message_get(m, "reason");

	if (root_prepare(a, root, err) < 0 ||
	    lock_take(a, reason ? reason : "",
		      (int64_t)message_u64_or(m, "wait-ms", 0), err) < 0)
		return err->code;
	self_install(a, a->image);
	return 0;
}

int open_request(struct agent *a, struct message *m, struct err *err)
{
	const char *root = message_get(m, "root");
	const char *mode = message_get(m, "mode");
	const char *who = message_get(m, "who");
	const char *image = message_get(m, "agent");
	bool change = mode && !strcmp(mode, "change");
	enum root_leave leave = ROOT_REFUSE;
	enum root_state state;

	if (message_u64_or(m, "adopt", 0))
		leave = ROOT_ADOPT;
	else if (message_u64_or(m, "plain", 0) && !change)
		leave = ROOT_LOOK_PLAIN;
	if (!root || !mode || !who || a->root_fd >= 0)
		return err_set(err, ERR_FAILED, "an open request is not whole");
	snprintf(a->who, sizeof(a->who), "%s", who);
	snprintf(a->image, sizeof(a->image), "%s", image ? image : "");
	if (root_open(a, root, leave, &state, err) < 0)
		return err->code;
	if (change && take_over(a, m, root, err) < 0)
		return err->code;
	if (journal_load(&a->journal, a->dot_fd, err) < 0)
		return err->code;
	if (change && repair_root(a, err) < 0)
		return err_prefix(err, "cannot mend what an earlier run left");
	return look(a, state, change, err);
}
