#ifndef BASELINE_JOB_H
#define BASELINE_JOB_H

#include "common/base/strvec.h"
#include "git-drift/drift_session.h"

/*
 * Freezes a vendor's version: its files become a commit, named by the
 * annotated tag that drift.baseline makes of the version ("author-v5.2.1").
 * These commits are a line of their own, the branch "author": the parent of
 * each is the one before it, the first has none. Merged from there, two
 * versions of the vendor and our work have the older one as their base.
 *
 * Nobody's index, work tree or HEAD changes. Objects go in as one pack; tag
 * and branch are then set in one transaction, both or none. A tag that is
 * there is never moved.
 *
 * Without a source it is HEAD that is frozen, as the commit in which the
 * vendor's files were put in: only as long as there is no baseline yet.
 */
#define BASELINE_BRANCH "author"

struct baseline_request {
	const char *version; /* as typed: "5.2.1", "v5.2.1" */
	const char *source;  /* a directory or a zip archive; NULL: HEAD */
	bool dry_run;	     /* all but the pack and the refs */
};

struct baseline_result {
	char *tag; /* "author-v5.2.1" */
	git_oid commit;
	bool was_there;	 /* with these files: nothing was to be done */
	bool same_files; /* as the one before it */
	char *after;	 /* what the one before it is called, or NULL */
	uint64_t files, bytes;
	char *top; /* the directory of the archive that was taken off */
	struct strvec empty, clashes; /* as in struct drop_list */
};
#define BASELINE_RESULT_INIT                                                   \
	{                                                                      \
		0                                                              \
	}
void baseline_result_release(struct baseline_result *r);
#define AUTO_BASELINE_RESULT CLEANUP(baseline_result_release)

/*
 * ERR_REFUSED when the tag is there and is something else, or what was
 * delivered holds what may not be in a tree.
 */
int baseline_freeze(const struct drift_session *s,
		    const struct baseline_request *req,
		    struct baseline_result *out, struct err *err) MUST_CHECK;

#endif
