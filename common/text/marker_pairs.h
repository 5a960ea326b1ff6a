#ifndef MARKER_PAIRS_H
#define MARKER_PAIRS_H

#include "common/base/base.h"
#include "common/base/cleanup.h"

/*
 * The lines of a file that are marked as ours:
 *
 *	# ZAJ:BEGIN MOD-014 why this is here
 *	...
 *	# ZAJ:END MOD-014
 *
 * in the comment syntax of whatever language; the text around a marker on its
 * line does not matter. "ZAJ" is drift.marker, written exactly so, and no
 * letter, digit or '_' stands in front of it. BEGIN is followed by blanks and
 * an id: the longest run of letters, digits, '.', '_' and '-', less what is
 * not a letter or digit at its end (so "-->" may follow directly). END may
 * name the id again, and then it must be the right one. Pairs do not nest.
 * One line may hold several markers. Lines end at LF; a CR in front of it is
 * part of the line and of no id.
 */
struct marker_pair {
	const char *id; /* points into the text */
	size_t id_len;
	size_t first, last; /* lines, counted from 1 */
	size_t start, end;  /* the bytes of exactly these lines */
};

enum marker_fault_kind {
	MARKER_NO_ID,	 /* a BEGIN that names none */
	MARKER_NESTED,	 /* a BEGIN inside the pair that began at "other" */
	MARKER_UNCLOSED, /* a BEGIN without END */
	MARKER_UNOPENED, /* an END without BEGIN */
	MARKER_OTHER_ID	 /* an END whose id is not that of line "other" */
};

struct marker_fault {
	enum marker_fault_kind kind;
	const char *id; /* of the marker at "line"; points into the text */
	size_t id_len;
	size_t line, other;
};

/* A longer word, as minified code has them, is no id. */
#define MARKER_ID_MAX 100

/* More faults than these are counted, not kept. */
#define MARKER_FAULTS_MAX 100

struct marker_pairs {
	struct marker_pair *v; /* by line; complete when there are no faults */
	size_t nr, alloc;
	struct marker_fault *faults; /* by line */
	size_t nr_faults, alloc_faults, all_faults;
};
#define MARKER_PAIRS_INIT                                                      \
	{                                                                      \
		0                                                              \
	}

/* Reads the markers of a whole file. mp must be empty. */
void marker_pairs_scan(struct marker_pairs *mp, const char *text, size_t len,
		       const char *word);
void marker_pairs_release(struct marker_pairs *mp);
#define AUTO_MARKER_PAIRS CLEANUP(marker_pairs_release)

/*
 * Is everything that differs between two texts inside the pairs?
 *
 * Yes exactly when putting some lines of the old text, or none, in the place
 * of each pair (its two markers and what is between them) gives back the old
 * text, byte for byte. So added lines must lie inside a pair, and removed ones
 * must have stood where a pair is now. This needs no diff, and therefore does
 * not depend on which of several diffs is chosen. No when there are faults.
 *
 * "text" is what mp was scanned from.
 */
struct marker_text {
	const char *text;
	size_t len;
};
bool marker_pairs_cover(const struct marker_pairs *mp,
			const struct marker_text *old,
			const struct marker_text *text);

/* True when the line is in a pair. */
bool marker_pairs_hold(const struct marker_pairs *mp, size_t line);
/* True when what stood between the line and the next one was in a pair. */
bool marker_pairs_border(const struct marker_pairs *mp, size_t line);

#endif
