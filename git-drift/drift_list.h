#ifndef DRIFT_LIST_H
#define DRIFT_LIST_H

#include "git-drift/drift_settings.h"
#include "common/git/tree_delta.h"

/*
 * What is shown of a delta: its changes with what else is known of each.
 * Built once, in the order of the delta, then handed to whatever prints it.
 *
 *	struct drift_list list = { .old_tree = a, .new_tree = b };
 *
 *	drift_list_find(&list, repo, settings, err);
 *	drift_list_find_renames(&list, repo, &limited, err);	if asked for
 *	drift_list_count_lines(&list, repo, err);		if asked for
 */
struct drift_entry {
	const struct tree_change *change;
	/* A rename: the deletion it is one of, which is no entry then. */
	const struct tree_change *from;
	unsigned int score; /* of a rename, percent */
	const char *custom; /* the custom path it is in, or NULL: the vendor's */
	/* Of drift_list_count_lines(). */
	uint64_t added, removed;
	bool binary; /* or too large: it has no lines */
};

struct drift_list {
	struct drift_entry *v;
	size_t nr;
	struct tree_delta delta;    /* owned; what the entries point into */
	git_oid old_tree, new_tree; /* set by the caller */
	bool has_lines;
};
#define DRIFT_LIST_INIT                                                        \
	{                                                                      \
		.delta = TREE_DELTA_INIT                                       \
	}

/*
 * Finds the delta of the two trees. settings, which may be NULL, tell what is
 * custom and must outlive the list.
 */
int drift_list_find(struct drift_list *list, git_repository *repo,
		    const struct drift_settings *settings,
		    struct err *err) MUST_CHECK;
void drift_list_release(struct drift_list *list);
#define AUTO_DRIFT_LIST CLEANUP(drift_list_release)

/* 'A' 'D' 'M' 'T', and 'R' for a rename. */
char drift_entry_letter(const struct drift_entry *e);

/*
 * Turns an addition and the deletion it resembles into one rename, see
 * rename_match.h. With too many files for that *limited is set, and only what
 * is the same is told.
 */
int drift_list_find_renames(struct drift_list *list, git_repository *repo,
			    bool *limited, struct err *err) MUST_CHECK;

/*
 * Counts lines as "git diff --numstat" does, without attributes and drivers:
 * a NUL in the first 8,000 bytes makes a file binary.
 */
int drift_list_count_lines(struct drift_list *list, git_repository *repo,
			   struct err *err) MUST_CHECK;

/* How many of each letter, and their lines. */
struct drift_totals {
	size_t added, modified, deleted, type, renamed;
	size_t binary;
	uint64_t lines_added, lines_removed;
};

/* Of the entries in one custom path; "" sums the vendor's, NULL all. */
void drift_list_sum(const struct drift_list *list, const char *custom,
		    struct drift_totals *out);
size_t drift_totals_nr(const struct drift_totals *t);

/* As "git diff --name-status" prints it; nul: as its -z does. */
struct drift_text {
	bool nul;
	bool quote_path;
};
void drift_list_print(const struct drift_list *list,
		      const struct drift_text *how, struct strbuf *out);

#endif
