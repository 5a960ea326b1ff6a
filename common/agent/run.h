#ifndef RUN_H
#define RUN_H

#include "common/agent/agent.h"
#include "common/agent/delta_base.h"
#include "common/agent/releases.h"
#include "common/agent/tree.h"
#include "common/base/strvec.h"

/*
 * One release in the making: from the "stage" request to the decision.
 * It lives in .release/tmp/<token>/ (tree/ and seed/), then, not sealed yet,
 * in releases/<id>.
 */

/* Where an entry of the new manifest goes. */
enum place {
	PLACE_RELEASE, /* into the release */
	PLACE_SEED,    /* into shared/, which does not have it yet */
	PLACE_NOWHERE  /* below a shared path that is already there */
};

/* Of each new entry: whether it is there, proven. */
enum done {
	DONE_NOT,
	DONE_MADE,  /* by us, or proven by its content */
	DONE_LISTED /* as the recycled release's index has it */
};

/* What has become of a line in the index of the recycled release. */
enum index_line {
	LINE_GONE,   /* removed, or to be made anew */
	LINE_HOLDS,  /* true as it is written there */
	LINE_TOUCHED /* a directory that has other times now */
};

struct server_edits;

struct run_shared {
	const char *path; /* points into the request */
	bool is_dir;
	bool missing; /* in shared/: what the package has is its start */
};

struct run {
	struct message request; /* what was asked for; strings live here */
	const char *package, *version, *base_id;
	mode_t file_mode, directory_mode;
	uint64_t keep, recycle_after, timeout;
	struct run_shared *shared;
	size_t nr_shared;

	char id[129];
	struct releases releases;
	int tmp_fd;   /* .release/tmp/<token> */
	int tree_fd;  /* tmp/<token>/tree, later releases/<id> */
	int seed_fd;  /* tmp/<token>/seed */
	bool visible; /* renamed into releases/ */
	bool sealed;
	bool failed; /* the ledger says so already */
	bool hooks_ran;

	struct server_edits *edits; /* the guard; NULL: not asked for */
	struct delta_base *base;    /* the agent's; NULL: a first release */
	struct manifest new;
	enum place *places;	     /* of each new entry */
	struct stat_record *records; /* of each new entry, once there */
	unsigned char *done;	     /* enum done */
	struct strvec made; /* paths of ours: links, REVISION, release.json */
	size_t copied, kept, received;
	char recycled[129];		/* the release that became this one */
	struct release_index old_index; /* its index, else empty */
	unsigned char *lines; /* enum index_line, of each in old_index */
};

/* The way a mode of the manifest looks on this server. */
mode_t run_mode(const struct run *run, uint32_t manifest_mode);

/* Appends a ledger line about the release in the making. */
int run_ledger(struct agent *a, struct run *run, enum ledger_event event,
	       const char *note, struct err *err) MUST_CHECK;

/* Removes every trace of it: to trash/ first, then for good. */
void run_abort(struct agent *a, const char *why);
/* It is decided: lets go of it and of its place in tmp/. */
void run_close(struct agent *a);
void run_free(struct run *run);

#endif
