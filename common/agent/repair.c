#include "common/base/base.h"
#include "common/agent/open.h"

#include "common/agent/link.h"
#include "common/agent/prune.h"
#include "common/agent/releases.h"
#include "common/agent/root.h"
#include "common/sys/rmtree.h"

#include <dirent.h>

static int note(struct agent *a, const char *id, enum ledger_event event,
		const char *text, struct err *err)
{
	const struct ledger_line l = {
		.event = event,
		.release = id,
		.who = a->who,
		.note = text,
	};

	return journal_append(&a->journal, a->dot_fd, &l, err);
}

/* Who the ledger believes to be live: the last one that became so. */
static const char *ledger_live(const struct journal *j)
{
	for (size_t i = j->nr; i--;)
		if (j->lines[i].event == LEDGER_ACTIVE)
			return j->lines[i].release;
	return "";
}

/* The link is the truth. A live release of another tool is proven by that. */
static int follow_link(struct agent *a, const struct releases *r, struct err *err)
{
	const struct release *live = r->live;
	bool foreign = live && !live->staged_seq;

	if (!live || !strcmp(ledger_live(&a->journal), live->id))
		return 0;
	if (note(a, live->id, LEDGER_ACTIVE,
		 foreign ? "was live before git release came" : "found live",
		 err) < 0)
		return err->code;
	if (foreign)
		return note(a, live->id, LEDGER_HEALTHY, "", err);
	return 0;
}

/*
 * What an interrupted run has left: never sealed, or sealed and never live.
 * Nobody has ever seen it; the same command makes it again.
 */
static int drop_unfinished(struct agent *a, const struct releases *r,
			   struct err *err)
{
	for (size_t i = 0; i < r->nr; i++) {
		const struct release *rel = &r->v[i];

		if (rel->live || rel->live_seq || !rel->staged_seq ||
		    !rel->present)
			continue;
		if (rel->state != RELEASE_FAILED &&
		    note(a, rel->id, LEDGER_FAILED, "was interrupted", err) < 0)
			return err->code;
		if (release_to_trash(a, rel->id, err) < 0)
			return err->code;
		release_forget(a, rel->id);
	}
	return 0;
}

static void empty_tmp(struct agent *a)
{
	int fd = root_dot_dir(a, "tmp", true);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	if (!d) {
		if (fd >= 0)
			close_quietly(fd);
		return;
	}
	while ((e = readdir(d))) {
		AUTO_ERR struct err err = ERR_INIT;

		if (strcmp(e->d_name, ".") && strcmp(e->d_name, "..") &&
		    rmtree(fd, e->d_name, &err) < 0)
			agent_tell(a, "warn", "cannot clean up: %s", err.msg.buf);
	}
	closedir(d);
}

static void make_links(struct agent *a, const struct releases *r)
{
	for (size_t i = 0; i < r->nr; i++) {
		AUTO_ERR struct err ignored = ERR_INIT;
		const struct release *rel = &r->v[i];

		/* On a full disk this fails, and is needed for none of them. */
		if (rel->present && !rel->live && rel->live_seq)
			(void)!link_prepare(a, rel->id, &ignored);
	}
}

int repair_root(struct agent *a, struct err *err)
{
	AUTO_RELEASES struct releases r = RELEASES_INIT;

	if (releases_load(a, &r, err) < 0 || follow_link(a, &r, err) < 0)
		return err->code;
	link_repair(a, r.live_id);
	if (drop_unfinished(a, &r, err) < 0)
		return err->code;
	empty_tmp(a);
	trash_empty(a);
	make_links(a, &r);
	return 0;
}
