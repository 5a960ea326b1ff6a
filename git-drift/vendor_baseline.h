#ifndef VENDOR_BASELINE_H
#define VENDOR_BASELINE_H

#include "common/git/repo.h"

/*
 * The baseline: the pristine version of the vendor's code that ours started
 * from, frozen in a tag like "author-v5.2.1". When none is named it is the
 * newest version whose tag is reachable from the commit that is looked at;
 * when none of them is, the newest of all, and ->reachable says so: somebody
 * should be warned that it may not be what this code started from.
 *
 * Versions are ordered by common/text/version_order.h; of two that are the
 * same there ("1.4.15+dfsg.1", "1.4.15+dfsg.2") the numbers in what is left
 * decide. A name without such an order ("1.0.2a") is older than all that have
 * one.
 */
struct baseline_query {
	const char *pattern;  /* drift.baseline: "author-v*" */
	const char *revision; /* as typed, or a bare version; NULL: newest */
	/* The commit that is looked at; NULL: the newest, wherever it is. */
	const git_oid *head;
};

struct vendor_baseline {
	char *name;	/* the tag, or the revision as it was typed */
	char *version;	/* "5.2.1"; NULL when name does not fit the pattern */
	git_oid commit; /* peeled */
	git_oid tree;	/* of the commit */
	bool reachable; /* a named one counts as such without a look */
};
#define VENDOR_BASELINE_INIT                                                   \
	{                                                                      \
		0                                                              \
	}

/*
 * ERR_NOTFOUND when there is none, with the next command as the hint. out must
 * be fresh, and is unchanged on failure.
 */
int vendor_baseline_find(git_repository *repo, const struct baseline_query *q,
			 struct vendor_baseline *out, struct err *err) MUST_CHECK;
void vendor_baseline_release(struct vendor_baseline *b);
#define AUTO_VENDOR_BASELINE CLEANUP(vendor_baseline_release)

/*
 * What ->revision names: any revision, else the version of a baseline ("5.2.1"
 * is short for "author-v5.2.1"). Only ->pattern and ->revision are read.
 */
int vendor_revision_commit(git_repository *repo, const struct baseline_query *q,
			   git_oid *id, struct err *err) MUST_CHECK;

/*
 * The part of a tag's name that the pattern's "*" stands for: "5.2.1" of
 * "author-v5.2.1". False when the name does not fit or leaves nothing that
 * begins with a digit.
 */
bool baseline_version(const char *pattern, const char *name,
		      struct strbuf *version);
/* The other way round: the pattern with the version in place of its "*". */
void baseline_name(const char *pattern, const char *version, struct strbuf *name);

#endif
