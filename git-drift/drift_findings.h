#ifndef DRIFT_FINDINGS_H
#define DRIFT_FINDINGS_H

#include "common/base/strbuf.h"

/*
 * What "git drift check" has to say, one finding for each place. All but the
 * notes make its answer "no".
 */
enum drift_rule {
	DRIFT_UNRECORDED,
	DRIFT_OUTSIDE_MARKERS,
	DRIFT_NO_REASON,
	DRIFT_MARKER_UNBALANCED,
	DRIFT_MARKER_NESTED,
	DRIFT_MARKER_NO_ID,
	DRIFT_MARKER_UNRECORDED,
	DRIFT_ENTRY_STALE,
	DRIFT_ENTRY_NO_FILE,
	DRIFT_ENTRY_DUPLICATE,
	DRIFT_ENTRY_MALFORMED,
	DRIFT_ENTRY_UNREAD,
	DRIFT_RULES
};

struct drift_rule_text {
	const char *name; /* for programs; never changes */
	const char *help; /* in lower case, no full stop */
	bool note;
};
extern const struct drift_rule_text drift_rules[DRIFT_RULES];

struct drift_finding {
	enum drift_rule rule;
	char *path;	    /* raw bytes: quote it */
	size_t first, last; /* lines; 0: the file as such */
	char *text;	    /* on one line, fit to be shown */
};

struct drift_findings {
	struct drift_finding *v;
	size_t nr, alloc;
	size_t notes; /* of them */
};
#define DRIFT_FINDINGS_INIT                                                    \
	{                                                                      \
		0                                                              \
	}
void drift_findings_release(struct drift_findings *f);
#define AUTO_DRIFT_FINDINGS CLEANUP(drift_findings_release)

/* Where something is: lines "first" to "last" of a file. */
struct drift_place {
	const char *path;
	size_t first, last; /* last 0: one line */
};

/* What is put into fmt from outside must be quoted by the caller. */
void drift_findings_add(struct drift_findings *f, enum drift_rule rule,
			const struct drift_place *at, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

/*
 * By path, line, rule and text, each only once: the same facts always give the
 * same list.
 */
void drift_findings_sort(struct drift_findings *f);

#endif
