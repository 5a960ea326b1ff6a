#include "common/base/base.h"
#include "common/agent/open.h"

#include "common/agent/link.h"
#include "common/agent/prune.h"
#include "common/agent/releases.h"
#include "common/agent/root.h"
#include "common/sys/dirstream.h"
#include "common/sys/rmtree.h"

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

/* It was about to be taken back when the run was interrupted: do it now. */
static int finish_going_back(struct agent *a, const struct releases *r,
			     struct err *err)
{
	const struct unfinished_switch *u = &r->unfinished;
	const struct release *back = releases_find(r, u->from);

	if (!u->failed || !r->live || strcmp(r->live->id, u->id) != 0 ||
	    (*u->from && !(back && back->present)))
		return 0;
	if (!*u->from)
		return link_take_down(a, u->id, err);
	if (link_switch(a, u->id, u->from, err) < 0)
		return err->code;
	return note(a, u->from, LEDGER_ACTIVE, "went back", err);
}

/* Made by a run that did not come to its end, and not what is live. */
static bool is_unfinished(const struct releases *r, const struct release *rel)
{
	if (rel->live || !rel->present || rel->proven ||
	    !releases_certain(r, rel))
		return false;
	return !rel->live_seq || rel->state == RELEASE_FAILED ||
	       !strcmp(r->unfinished.id, rel->id);
}

/*
 * What an interrupted run has left: never sealed, or sealed and never live.
 * Nobody has ever seen it; the same command makes it again.
 */
static int drop_unfinished(struct agent *a, struct releases *r, struct err *err)
{
	for (size_t i = 0; i < r->nr; i++) {
		struct release *rel = &r->v[i];

		if (!is_unfinished(r, rel))
			continue;
		if (rel->state != RELEASE_FAILED &&
		    note(a, rel->id, LEDGER_FAILED, "was interrupted", err) < 0)
			return err->code;
		if (release_to_trash(a, rel->id, err) < 0)
			return err->code;
		release_forget(a, rel->id);
		rel->present = false;
	}
	return 0;
}

/* What was written there for a release that never came to be, or is gone. */
static void drop_strays(struct agent *a, const char *dir)
{
	int fd = root_dot_dir(a, dir, true);
	DIR *d = dirstream_take(fd);
	struct dirent *e;
	struct stat st;

	if (!d)
		return;
	while ((e = dirstream_next(d)))
		if (fstatat(a->releases_fd, e->d_name, &st,
			    AT_SYMLINK_NOFOLLOW) < 0 &&
		    errno == ENOENT)
			(void)unlinkat(fd, e->d_name, 0);
	closedir(d);
}

static void empty_tmp(struct agent *a)
{
	int fd = root_dot_dir(a, "tmp", true);
	DIR *d = dirstream_take(fd);
	struct dirent *e;

	if (!d)
		return;
	while ((e = dirstream_next(d))) {
		AUTO_ERR struct err err = ERR_INIT;

		if (rmtree(fd, e->d_name, &err) < 0)
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
	AUTO_RELEASES struct releases before = RELEASES_INIT;
	AUTO_RELEASES struct releases r = RELEASES_INIT;
	AUTO_ERR struct err ignored = ERR_INIT;

	/* Who has to write the next line says why it cannot be mended. */
	(void)!journal_mend(&a->journal, a->dot_fd, &ignored);
	if (releases_load(a, &before, err) < 0)
		return err->code;
	link_repair(a, before.live_id);
	if (finish_going_back(a, &before, err) < 0 ||
	    releases_load(a, &r, err) < 0 || follow_link(a, &r, err) < 0)
		return err->code;
	link_repair(a, r.live_id);
	if (drop_unfinished(a, &r, err) < 0)
		return err->code;
	drop_strays(a, "manifest");
	drop_strays(a, "index");
	empty_tmp(a);
	trash_empty(a);
	make_links(a, &r);
	return 0;
}
