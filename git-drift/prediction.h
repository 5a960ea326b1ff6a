#ifndef PREDICTION_H
#define PREDICTION_H

#include "git-drift/content_merge.h"

/*
 * What the vendor's next version does to ours, file by file: a three-way
 * merge of whole trees in memory, judged like git's merge-ort but for
 * renamed directories, which are not followed.
 *
 * The order of the fates is the order of trouble.
 */
enum fate {
	FATE_CLASH,	       /* both changed the same place */
	FATE_DELETED_UPSTREAM, /* ours changed what the vendor deleted */
	FATE_DELETED_HERE,     /* the vendor changed what ours deleted */
	FATE_ADDED_BOTH,       /* both added it, not alike */
	FATE_RENAMED_UPSTREAM, /* ours changed it, the vendor moved it; merges */
	FATE_RENAMED_HERE, /* ours moved it, the vendor changed it; merges */
	FATE_BOTH,	   /* both changed it; merges */
	FATE_OURS_ONLY,
	FATE_ALREADY_UPSTREAM, /* the vendor made the same change */
	FATE_VENDOR_ONLY,
	FATE_NR
};

struct forecast {
	const char *path;     /* in the baseline, or where it was added */
	const char *new_path; /* where it was moved; NULL: it was not */
	const char *our_path; /* where ours moved it, if that is another one */
	enum fate fate;
	const char *why;    /* a clash that has no lines; or NULL */
	unsigned int score; /* of a rename, of SIMILARITY_MAX */
	bool moved_by_vendor;
	bool apart; /* a clash of places: each side's file stays as it is */
	const char *custom; /* the custom directory it is in; or NULL */
	struct file_version base, ours, theirs;
	struct clash *clashes; /* owned */
	size_t nr_clashes;
	size_t changes; /* of ours that have lost their place */
};

struct prediction {
	struct forecast *v; /* by fate, then by path */
	size_t nr, alloc;
	size_t count[FATE_NR];
	size_t decisions; /* files that a person must decide on */
	size_t clashes;	  /* places in them, files without lines count one */
	size_t lines;	  /* of ours in these places */
	bool renames_limited;
	/* Private: what the paths belong to. */
	struct tree_delta ours, theirs;
};
#define PREDICTION_INIT                                                        \
	{                                                                      \
		.ours = TREE_DELTA_INIT, .theirs = TREE_DELTA_INIT             \
	}

struct drift_settings;

struct prediction_query {
	git_oid base, ours, theirs; /* trees */
	const struct drift_settings *settings;
};

/* out must be fresh. ERR_NOTFOUND when an object is missing. */
int prediction_make(git_repository *repo, const struct prediction_query *q,
		    struct prediction *out, struct err *err) MUST_CHECK;
void prediction_release(struct prediction *p);
#define AUTO_PREDICTION CLEANUP(prediction_release)

/* "clash", "deleted upstream"...: for tables. */
const char *fate_name(enum fate fate);
/* "clash", "deleted-upstream"...: for programs. */
const char *fate_key(enum fate fate);
bool fate_needs_decision(enum fate fate);

/*
 * How long the decisions take somebody who knows the code, in minutes: five
 * for each place and one for every ten lines of ours in it. A rule of thumb,
 * to compare two versions with; it knows nothing of what the code does.
 */
size_t prediction_minutes(const struct prediction *p);

#endif
