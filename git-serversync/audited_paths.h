#ifndef AUDITED_PATHS_H
#define AUDITED_PATHS_H

#include "common/base/strbuf.h"

/*
 * Paths and where each was read: what an audit compares. Both sides have them,
 * what a deploy clears and what is kept as it is in git.
 */
#define AUDITED_PATHS_MAX 4000

struct audited_path {
	char *path; /* normalised; may be a glob */
	char *file; /* that names it: "deploy.php", "HEAD:deploy.php" */
	unsigned int line;
};

struct audited_paths {
	struct audited_path *v;
	size_t nr, alloc;
};
#define AUDITED_PATHS_INIT                                                     \
	{                                                                      \
		0                                                              \
	}

void audited_paths_release(struct audited_paths *p);
#define AUTO_AUDITED_PATHS CLEANUP(audited_paths_release)

/* Unless the same path is there already. */
void audited_paths_add(struct audited_paths *p, const char *path,
		       const char *file, unsigned int line);

/*
 * Why an audit has no answer: "cannot prove symmetry at <file>:<line>: <why>".
 * why, which is fit to be shown, is empty when there is nothing of the kind.
 */
struct audit_gap {
	char *file;
	unsigned int line; /* 0: the file as a whole */
	struct strbuf why;
};
#define AUDIT_GAP_INIT                                                         \
	{                                                                      \
		.why = STRBUF_INIT                                             \
	}

void audit_gap_release(struct audit_gap *gap);
#define AUTO_AUDIT_GAP CLEANUP(audit_gap_release)

/* The first gap stays. Returns false, so that a caller ends with it. */
bool audit_gap_set(struct audit_gap *gap, const char *file, unsigned int line,
		   const char *fmt, ...) PRINTF_LIKE(4, 5);

/*
 * NULL, or why nothing can be said about a path of either side; out gets it
 * normalised. A shell reads both, so only "*", "?" and "[" may be special.
 */
const char *audited_path_check(const char *text, struct strbuf *out) MUST_CHECK;

#endif
